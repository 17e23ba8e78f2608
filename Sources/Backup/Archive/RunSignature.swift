internal import Files
internal import HostSystem
internal import Model

/// Whether what a run says of itself is signed by whoever may speak for its host.
struct RunSignature: Sendable {
    let identity: BackupIdentity
    let signers: BackupSigners
    /// This one.
    let host: String
    /// The newest run that this host has made; `nil` where it has made none.
    let lastRun: BackupRunID?

    /// Why `signature` over `bytes` does not count for a run of `owner`, or for what it says of all of them; `nil` when it does.
    func problem(
        with bytes: [UInt8], _ signature: [UInt8], of run: BackupRunID?, owner: String
    ) async throws(HostError) -> String? {
        let own = try? await identity.publicKey()
        let trusted = keys(for: run, owner: owner, own: own)
        // What it claims to be signed with costs nothing to read; a stranger's key needs no program to be refused.
        let claimed = SSHSignature.publicKey(of: signature)
        guard let claimed, signers.contains(claimed) || claimed == own,
            try await identity.isSigned(bytes, signature: signature, by: [claimed])
        else { return "its signature is of none of 'backup.signers'" }
        return trusted.contains(claimed) ? nil : misplaced(claimed, owner: owner, own: own)
    }

    /// A signer speaks for its own host only. In this host's own directory nobody but itself makes runs once it does.
    private func keys(for run: BackupRunID?, owner: String, own: String?) -> [String] {
        guard owner == host else { return signers.keys(of: owner) }
        let isSince = run.map { run in lastRun.map { run > $0 } ?? false } ?? false
        return (isSince ? signers.keys(naming: owner) : signers.keys(of: owner)) + [own].compactMap(\.self)
    }

    private func misplaced(_ key: String, owner: String, own: String?) -> String {
        let signer = signers.host(of: key) ?? (key == own ? host : nil)
        let whose = signer.map { "by host '\($0)'" } ?? "by another host's key of 'backup.signers'"
        return "it is signed \(whose), which cannot speak for '\(owner)'"
    }
}
