public import Model

/// The signed tags by which the present signers say who signs from now on.
public struct SignerTags: Sendable {
    private let tag: SignedTag

    /// `signers` are the present ones.
    public init(source: GitSource, signers: SignerList) { tag = SignedTag(source: source, signers: signers) }

    /// Asks the server for those of list `number`, and verifies them.
    /// - Throws: `GitFailure` where that cannot be done.
    public func findings(of number: Int, at time: Timestamp) async throws -> [SignerVoteFinding] {
        try await tag.findings(below: SignerVote.prefix(of: number), at: time).compactMap {
            name, finding -> SignerVoteFinding? in
            switch finding {
            case .absent: nil
            case .refused(let why): .refused("tag '\(name)': \(why)")
            case .signed(let text, let signer): Self.vote(text, name, signer)
            }
        }
    }

    private static func vote(_ text: String, _ name: String, _ signer: CommitSigner) -> SignerVoteFinding {
        do throws(SignerProposal.Fault) {
            return .signed(try SignerVote(tag: text, name: name, signer: signer))
        } catch {
            return .refused("tag '\(name)': \(error.reason)")
        }
    }
}
