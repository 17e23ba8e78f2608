internal import FoundationEssentials
internal import Planning

/// An annotated tag of the server, and who signed it.
struct SignedTag {
    enum Finding {
        case absent
        /// It does not count, and why.
        case refused(String)
        /// What it says, without the signature.
        case signed(String, CommitSigner)
    }

    private let source: GitSource
    private let signers: SignerList

    /// `signers` may sign such tags.
    init(source: GitSource, signers: SignerList) {
        self.source = source
        self.signers = signers
    }

    /// Asks the server for the tag `name`, and verifies it.
    /// - Throws: `GitFailure` where that cannot be done.
    func finding(_ name: String, at time: Timestamp) async throws -> Finding {
        let program = try signers.checkedProgram(path: nil)
        let (answer, _, _) = try await source.ask(source.location.urls) {
            try await source.child.run(.tag, url: $0, tag: name)
        }
        guard let id = answer.tag else { return .absent }
        let verifier = SignatureVerifier(source: source, signers: signers)
        guard let object = try await verifier.objects([id]).first else { return .absent }
        switch try await verifier.finding(of: object, program, at: time) {
        case .unsigned: return .refused("it is not signed")
        case .refused(let why): return .refused("its signature \(why)")
        case .signed(let signer):
            return .signed(String(decoding: object.object?.payload ?? Data(), as: UTF8.self), signer)
        }
    }
}
