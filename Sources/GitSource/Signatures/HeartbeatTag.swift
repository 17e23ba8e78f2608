public import Model

/// The signed tag that says where the branch stood, and when.
public struct HeartbeatTag: Sendable {
    private let tag: SignedTag
    private let branch: String

    /// `signers` may sign such tags.
    public init(source: GitSource, signers: SignerList) {
        tag = SignedTag(source: source, signers: signers)
        branch = source.location.branch
    }

    /// Asks the server for it, and verifies it; `time` is now.
    /// - Throws: `GitFailure` where that cannot be done.
    public func finding(at time: Timestamp) async throws -> HeartbeatFinding {
        let name = Heartbeat.tagName(of: branch)
        switch try await tag.finding(name, at: time) {
        case .absent: return .absent
        case .refused(let why): return .refused("tag '\(name)': \(why)")
        case .signed(let text, let signer):
            return Heartbeat(tag: text, branch: branch, signer: signer).map(HeartbeatFinding.signed)
                ?? .refused("tag '\(name)' was signed as another one, or is not on a commit")
        }
    }
}
