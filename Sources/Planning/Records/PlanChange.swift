/// One difference between what is deployed and what is committed.
public struct PlanChange: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable { case added, removed, changed }

    /// A container's name, `stack`, `secret 'NAME'`, `data directory 'NAME'`, or `backup`.
    public var subject: String
    public var kind: Kind
    /// For people, without the subject: `image 3.43.1 -> 3.43.2`.
    public var text: String

    public init(subject: String, kind: Kind, text: String) {
        self.subject = subject
        self.kind = kind
        self.text = text
    }
}
