public import Model

/// A JSON Schema (draft 7): valijson decides whether a document is valid, and the schema's own texts say what is wrong.
public struct JSONSchema: Sendable {
    /// The schema as it is shipped.
    public let text: String
    private let content: Result<SchemaContent, UnusableSchema>

    /// Throws an `Actionable` error when the bytes are no JSON or no schema.
    public init(_ schema: [UInt8]) throws {
        self.init(embedded: schema)
        _ = try content.get()
    }

    /// A schema that is part of the program. If it is unusable every document is refused with the reason.
    public init(embedded schema: [UInt8]) {
        text = String(decoding: schema, as: UTF8.self)
        content = Result { () throws(UnusableSchema) in try SchemaContent(schema) }
    }

    /// The parsed schema; `nil` if it is unusable.
    var document: JSONDocument? { try? content.get().document }

    /// What is wrong with `document`, sorted by line; with `value` in its place if given, such as the plan after an
    /// overlay, whose places are then looked up in `document`.
    public func problems(of document: JSONDocument, at value: JSONValue? = nil) -> [PlanProblem] {
        switch content {
        case .success(let content): content.problems(of: value ?? document.value, in: document)
        case .failure(let unusable): [PlanProblem(file: document.file, message: unusable.message)]
        }
    }
}
