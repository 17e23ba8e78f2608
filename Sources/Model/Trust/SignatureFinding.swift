/// What the signature of a commit is worth on this host.
public enum SignatureFinding: Codable, Hashable, Sendable {
    case signed(CommitSigner)
    case unsigned
    /// There is one that does not count: why, in words that follow `its signature`.
    case refused(String)

    public var signer: CommitSigner? { if case .signed(let signer) = self { signer } else { nil } }

    /// What is wrong, in words that follow the commit; `nil` when nothing is.
    public var fault: String? {
        switch self {
        case .signed: nil
        case .unsigned: "is not signed"
        case .refused(let why): "is not accepted: its signature \(why)"
        }
    }
}
