/// The reference page of a schema: a pure function, so that the committed page is compared with it.
public enum PlanReference {
    /// GitHub Markdown: a section for the document, and one for each kind of object in it, in the schema's own order.
    public static func markdown(schema: JSONSchema) -> String {
        guard let document = schema.document else { return "" }
        var outline = ReferenceOutline(document: document)
        return outline.sections().map(\.markdown).joined(separator: "\n")
    }
}
