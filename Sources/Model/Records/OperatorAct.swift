/// An operator's word about this host's data, which no commit says.
public struct OperatorAct: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// State or data of another machine, or a data directory as it is, counts as the stack's own.
        case adopted
        /// A data directory is meant to be empty, or as small as it is.
        case accepted
        /// A data directory was filled from elsewhere.
        case imported
    }

    public var kind: Kind
    /// What it is about, for people.
    public var text: String
    /// Who ran the command, as `sudo` names them.
    public var person: String
    public var time: Timestamp

    public init(kind: Kind, text: String, person: String, time: Timestamp) {
        self.kind = kind
        self.text = text
        self.person = person
        self.time = time
    }
}
