internal import FoundationEssentials

/// What the server has to let a commit pass.
public enum OverrideFinding: Hashable, Sendable {
    case absent
    case signed(SignedOverride)
    /// There is a tag that does not count, and why.
    case refused(String)
}

/// What a signed tag lets pass: one step, from one commit to another, on one host, for a time.
public struct SignedOverride: Codable, Hashable, Sendable {
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
    /// Why it does not let `tip` pass on `host` now; `nil` when it does. `base`: what was accepted last there; `used`:
    /// what let a commit pass there before.
    package func fault(
        for tip: CommitID, after base: CommitID?, on host: String, at time: Timestamp, used: [Self]
    ) -> String? {
        if to != tip { return "it is for commit '\(to.short)'" }
        if self.host != host { return "it is for host '\(self.host)'" }
        if from != base { return "it is for a host at '\(from.short)', and this one is at '\(base?.short ?? "none")'" }
        if expires <= time { return "it has expired" }
        return used.contains(where: isSameStep) ? "it was used already; the same step needs one with another time" : nil
    }

    /// By what was signed: the bytes around a signature, and so the tag's id, can be changed by anybody.
    private func isSameStep(as other: Self) -> Bool {
        from == other.from && to == other.to && host == other.host && expires == other.expires
    }
}

extension SignedOverride {
    /// From the text of an annotated tag, without its signature; `nil` unless it says all of it, once.
    public init?(tag text: String, signer: CommitSigner) {
        let parts = text.split(separator: "\n\n", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        let head = parts[0].split(separator: "\n")
        let lines = parts[1].split(separator: "\n")
        func value(_ name: String) -> String? {
            let values = lines.filter { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
            return values.count == 1 ? values[0] : nil
        }
        guard let from = value("from").flatMap({ CommitID($0) }), let to = value("to").flatMap({ CommitID($0) }),
            // It is told in messages of one line.
            let host = value("host").flatMap({ EntryName($0)?.description }),
            let expires = value("expires").flatMap({ try? Date($0, strategy: .iso8601) }),
            // The tag is on the commit that it speaks of.
            head.first == "object \(to.hex)", head.dropFirst().first == "type commit"
        else { return nil }
        let seconds = expires.timeIntervalSince1970
        guard abs(seconds) < 1e12 else { return nil }
        self.init(
            from: from, to: to, host: host, expires: Timestamp(milliseconds: Int64(seconds * 1000)), signer: signer)
    }
}
