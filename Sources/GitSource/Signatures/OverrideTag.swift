public import Model

/// The signed tag that lets one commit pass on one host.
public struct OverrideTag: Sendable {
    private let tag: SignedTag

    /// `signers` may sign such tags.
    public init(source: GitSource, signers: SignerList) { tag = SignedTag(source: source, signers: signers) }

    /// What it is called: `override/vsn1/a1b2c3d4e5`.
    public static func name(for tip: CommitID, on host: String) -> String { "override/\(host)/\(tip.short)" }

    /// Asks the server for it, and verifies it.
    /// - Throws: `GitFailure` where that cannot be done.
    public func finding(for tip: CommitID, on host: String, at time: Timestamp) async throws -> OverrideFinding {
        switch try await tag.finding(Self.name(for: tip, on: host), at: time) {
        case .absent: return .absent
        case .refused(let why): return .refused(why)
        case .signed(let text, let signer):
            return SignedOverride(tag: text, signer: signer).map(OverrideFinding.signed)
                ?? .refused("it does not say 'from', 'to', 'host' and 'expires', each once, for its commit")
        }
    }
}
