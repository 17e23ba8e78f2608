/// A key that an ssh server shows to everybody.
public struct ShownHostKey: Hashable, Sendable {
    /// `ssh-ed25519 AAAA…`.
    public let key: String
    /// `SHA256:…`.
    public let fingerprint: String
    /// `ED25519`.
    public let kind: String

    public init(key: String, fingerprint: String, kind: String) {
        self.key = key
        self.fingerprint = fingerprint
        self.kind = kind
    }
}

/// The ssh server of a repository, for whoever decides which of the host keys that it shows is believed.
public struct HostKeyServer: Sendable {
    private let address: SSHAddress
    private let scan: HostKeyScan

    /// `nil` where `url` leads to no ssh server. `confiner`: the program of Fairlead, in whose limits the server's answers
    /// are read.
    public init?(of url: String, confiner: String?) {
        guard let url = try? RepositoryURL(url), case .ssh(let address) = url.transport else { return nil }
        self.address = address
        scan = HostKeyScan(confiner: confiner)
    }

    public var host: String { address.host }
    public var port: Int { address.port ?? 22 }
    /// As known_hosts has it: `git.example.com`, or `[git.example.com]:2222`.
    public var name: String { address.knownHostsName }

    /// Sorted by their kinds; empty where nothing answers as ssh does, or this host has no `ssh-keyscan`.
    public func shownKeys() async -> [ShownHostKey] {
        let text = await scan.text(of: address, deadline: .seconds(30))
        var shown: [ShownHostKey] = []
        for key in HostKeyLook.keys(in: text).sorted().prefix(HostKeyLook.mostKeys) {
            let words = await scan.fingerprint(of: "\(name) \(key)")?.split(separator: " ") ?? []
            guard words.count == 2 else { continue }
            shown.append(ShownHostKey(key: key, fingerprint: String(words[1]), kind: String(words[0])))
        }
        return shown
    }

    /// What `file` says of it.
    public func pinnedLines(in file: String) async -> [KnownHostLine] { await KnownHosts.lines(of: name, in: file) }
}
