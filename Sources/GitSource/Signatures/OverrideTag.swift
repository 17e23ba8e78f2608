internal import FoundationEssentials
public import Planning

/// The signed tag that lets one commit pass on one host.
public struct OverrideTag: Sendable {
    private let source: GitSource
    private let signers: SignerList

    /// `signers` may sign such tags.
    public init(source: GitSource, signers: SignerList) {
        self.source = source
        self.signers = signers
    }

    /// What it is called: `override/vsn1/a1b2c3d4e5`.
    public static func name(for tip: CommitID, on host: String) -> String { "override/\(host)/\(tip.short)" }

    /// Asks the server for it, and verifies it.
    /// - Throws: `GitFailure` where that cannot be done.
    public func finding(for tip: CommitID, on host: String, at time: Timestamp) async throws -> OverrideFinding {
        let program = try signers.checkedProgram(path: nil)
        let name = Self.name(for: tip, on: host)
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
            let text = String(decoding: object.object?.payload ?? Data(), as: UTF8.self)
            return SignedOverride(tag: text, signer: signer).map(OverrideFinding.signed)
                ?? .refused("it does not say 'from', 'to', 'host' and 'expires', each once, for its commit")
        }
    }
}
