/// A line of `backup.signers`: a public SSH key, after the name of the host that signs with it where the line has one.
public struct BackupSigner: Hashable, Sendable {
    public let host: String?
    /// Its kind and itself, without a comment.
    public let key: String

    public init?(_ line: String) {
        let form = /(?:([A-Za-z0-9][A-Za-z0-9._-]*) )?(ssh-(?:ed25519|rsa) [A-Za-z0-9+\/]+=*)(?: [^\n\r]*)?/
        guard let match = line.wholeMatch(of: form) else { return nil }
        host = match.1.map(String.init)
        key = String(match.2)
    }
}

/// Whose backups are trusted, and of which hosts: what names a host speaks for no other one.
public struct BackupSigners: Hashable, Sendable {
    private let signers: [BackupSigner]

    public init(_ lines: [String]) { signers = lines.compactMap(BackupSigner.init) }

    /// The keys that may speak for `host`: those of the lines that name it, and of those that name none.
    public func keys(of host: String) -> [String] {
        signers.filter { $0.host == nil || $0.host == host }.map(\.key)
    }

    /// The keys of the lines that name `host`.
    public func keys(naming host: String) -> [String] { signers.filter { $0.host == host }.map(\.key) }

    public func contains(_ key: String) -> Bool { signers.contains { $0.key == key } }

    /// Whose key `key` is, by the first line that says so.
    public func host(of key: String) -> String? { signers.lazy.filter { $0.key == key }.compactMap(\.host).first }

    /// Those that may speak for every host.
    public var withoutHost: [String] { signers.filter { $0.host == nil }.map(\.key) }
}
