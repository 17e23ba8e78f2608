internal import Model

extension JSONSchema {
    /// The shape of `plan.json`.
    public static let plan = JSONSchema(embedded: PackageResources.plan_schema_json)

    /// The shape of a part of it that stands by itself: what `definitions` describes by that name.
    static func part(_ definition: String) -> JSONSchema {
        let definitions = plan.document?.value["definitions"]
        // Without it nothing is accepted, where an empty schema would accept all.
        var members = definitions?[definition]?.object ?? ["enum": .array([])]
        members["definitions"] = definitions
        return JSONSchema(embedded: JSONValue.object(members).encoded())
    }
}
