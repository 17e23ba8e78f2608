/// The secret values of a customer repo, by name. Never printed: its description says how many there are.
public struct Secrets: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let values: [String: String]

    public init(_ values: [String: String] = [:]) { self.values = values }

    public var names: [String] { values.keys.sorted() }
    public subscript(name: String) -> String? { values[name] }
    public var description: String { "\(values.count) secrets" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// `text` with every secret value of four or more characters replaced by `[secret NAME]`.
    public func redacting(_ text: String) -> String {
        values.sorted { $0.value.count > $1.value.count }.reduce(text) { text, secret in
            secret.value.count < 4 ? text : text.replacing(secret.value, with: "[secret \(secret.key)]")
        }
    }
}
