internal import FoundationEssentials
internal import GitSource
internal import Model
internal import Reconciling

/// Who signed what, by the lists of this host.
struct HostSignatures: SignatureInsight, HeartbeatInsight, SignerVotes {
    let source: GitSource
    let settings: TrustSettings
    let memory: any RotationMemory

    func findings(of commits: [CommitID], at time: Timestamp) async throws -> [CommitID: SignatureFinding] {
        guard let signers = try await presentSigners() else {
            throw ConfigurationError(
                message: "nobody may sign commits on this host",
                hint: "name the file of those who may in 'trust.commits.allowedSigners'")
        }
        return try await SignatureVerifier(source: source, signers: signers).findings(of: commits, at: time)
    }

    func committed(_ commit: CommitID) async throws -> Timestamp { try await source.committed(commit) }

    func heartbeat(at time: Timestamp) async throws -> HeartbeatFinding {
        let own = settings.heartbeatSigners == nil
        guard let signers = try await own ? presentSigners() : settings.heartbeatSignerList else { return .absent }
        return try await HeartbeatTag(source: source, signers: signers).finding(at: time)
    }

    func override(for tip: CommitID, on host: String, at time: Timestamp) async throws -> OverrideFinding {
        guard let signers = settings.overrideSignerList else { return .absent }
        return try await OverrideTag(source: source, signers: signers).finding(for: tip, on: host, at: time)
    }

    func approvals(of tip: CommitID, at time: Timestamp) async throws -> [ApprovalFinding] {
        guard let signers = try await presentSigners() else { return [] }
        return try await ApprovalTags(source: source, signers: signers).findings(of: tip, at: time)
    }

    func votes(on number: Int, at time: Timestamp) async throws -> [SignerVoteFinding] {
        guard let signers = try await presentSigners() else { return [] }
        return try await SignerTags(source: source, signers: signers).findings(of: number, at: time)
    }

    func revokedKeys() throws -> Set<String> {
        guard let file = settings.commits.revoked else { return [] }
        return SignerKey.revoked(in: String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self))
    }

    /// Who may sign commits now.
    private func presentSigners() async throws -> SignerList? {
        settings.signerList(by: settings.present(of: try await memory.rotations()))
    }
}

extension TrustSettings {
    /// `nil` where commits are not verified.
    var signers: SignerList? { signerList(by: nil) }

    /// The same, where `rotation` is what says who they are.
    func signerList(by rotation: SignerRotation?) -> SignerList? {
        form.flatMap { form in list(form, commits.allowedSigners, lines: rotation?.lines) }
    }

    /// `nil` where nobody may let a commit pass.
    var overrideSignerList: SignerList? { form.flatMap { form in list(form, overrideSigners) } }

    /// `nil` where commits are not verified.
    var heartbeatSignerList: SignerList? {
        form.flatMap { form in list(form, heartbeatSigners ?? commits.allowedSigners) }
    }

    private var form: SignerList.Form? {
        switch commits.mode {
        case .off: nil
        case .ssh: .ssh
        case .gpg: .gpg
        }
    }

    private func list(_ form: SignerList.Form, _ file: String?, lines: String? = nil) -> SignerList? {
        file.map { SignerList(form: form, file: $0, revoked: commits.revoked, lines: lines) }
    }
}
