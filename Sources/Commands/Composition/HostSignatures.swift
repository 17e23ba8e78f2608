internal import GitSource
internal import Planning
internal import Reconciling

/// Who signed what, by the lists of this host.
struct HostSignatures: SignatureInsight, HeartbeatInsight {
    let source: GitSource
    let settings: TrustSettings

    func findings(of commits: [CommitID], at time: Timestamp) async throws -> [CommitID: SignatureFinding] {
        guard let signers = settings.signers else {
            throw ConfigurationError(
                message: "nobody may sign commits on this host",
                hint: "name the file of those who may in 'trust.commits.allowedSigners'")
        }
        return try await SignatureVerifier(source: source, signers: signers).findings(of: commits, at: time)
    }

    func committed(_ commit: CommitID) async throws -> Timestamp { try await source.committed(commit) }

    func heartbeat(at time: Timestamp) async throws -> HeartbeatFinding {
        guard let signers = settings.heartbeatSignerList else { return .absent }
        return try await HeartbeatTag(source: source, signers: signers).finding(at: time)
    }

    func override(for tip: CommitID, on host: String, at time: Timestamp) async throws -> OverrideFinding {
        guard let signers = settings.overrideSignerList else { return .absent }
        return try await OverrideTag(source: source, signers: signers).finding(for: tip, on: host, at: time)
    }

    func approvals(of tip: CommitID, at time: Timestamp) async throws -> [ApprovalFinding] {
        guard let signers = settings.signers else { return [] }
        return try await ApprovalTags(source: source, signers: signers).findings(of: tip, at: time)
    }
}

extension TrustSettings {
    /// `nil` where commits are not verified.
    var signers: SignerList? { form.flatMap { form in list(form, commits.allowedSigners) } }

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

    private func list(_ form: SignerList.Form, _ file: String?) -> SignerList? {
        file.map { SignerList(form: form, file: $0, revoked: commits.revoked) }
    }
}
