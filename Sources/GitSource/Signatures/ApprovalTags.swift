public import Model

/// The signed tags by which further persons approve a commit.
public struct ApprovalTags: Sendable {
    private let tag: SignedTag

    /// `signers` may sign such tags.
    public init(source: GitSource, signers: SignerList) { tag = SignedTag(source: source, signers: signers) }

    /// Asks the server for those of `tip`, and verifies them.
    /// - Throws: `GitFailure` where that cannot be done.
    public func findings(of tip: CommitID, at time: Timestamp) async throws -> [ApprovalFinding] {
        var found: [ApprovalFinding] = []
        for (name, finding) in try await tag.findings(below: Approval.prefix(for: tip), at: time) {
            switch finding {
            case .absent: continue
            case .refused(let why): found.append(.refused("tag '\(name)': \(why)"))
            case .signed(let text, let signer):
                let fault = Approval.fault(tag: text, name: name, tip: tip)
                found.append(fault.map { ApprovalFinding.refused("tag '\(name)': \($0)") } ?? .signed(signer))
            }
        }
        return found
    }
}
