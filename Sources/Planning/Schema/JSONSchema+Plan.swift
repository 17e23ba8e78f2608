extension JSONSchema {
    /// The shape of `plan.json`.
    public static let plan = JSONSchema(embedded: PackageResources.plan_schema_json)
}
