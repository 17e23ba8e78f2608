/// What a signed tag lets pass: one step, from one commit to another, on one host, for a time.
public struct SignedOverride: Hashable, Sendable {
    public var from: CommitID
    public var to: CommitID
    public var host: String
    public var expires: Timestamp
    public var signer: CommitSigner

    public init(from: CommitID, to: CommitID, host: String, expires: Timestamp, signer: CommitSigner) {
        self.from = from
        self.to = to
        self.host = host
        self.expires = expires
        self.signer = signer
    }
}

extension SignedOverride {
    /// Why it does not let `tip` pass on `host` now; `nil` when it does. `base`: what was accepted last there.
    func fault(for tip: CommitID, after base: CommitID?, on host: String, at time: Timestamp) -> String? {
        if to != tip { return "it is for commit '\(to.short)'" }
        if self.host != host { return "it is for host '\(self.host)'" }
        if from != base { return "it is for a host at '\(from.short)', and this one is at '\(base?.short ?? "none")'" }
        return expires <= time ? "it has expired" : nil
    }
}
