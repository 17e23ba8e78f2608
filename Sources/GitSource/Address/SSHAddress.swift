/// The account and the path of a repository that is reached through ssh.
struct SSHAddress: Hashable, Sendable, Codable {
    let user: String?
    let host: String
    let port: Int?
    let path: String

    /// Refuses what ssh, the login shell or git-upload-pack would take for an option.
    init(user: String?, host: String, port: Int?, path: String, shown: String) throws(GitFailure) {
        guard !host.isEmpty, !path.isEmpty, path != "/" else {
            throw RepositoryURL.refused(shown, "it names no host or no path")
        }
        guard !host.hasPrefix("-"), !path.hasPrefix("-"), user?.hasPrefix("-") != true, user?.isEmpty != true else {
            throw RepositoryURL.refused(shown, "user, host and path must not begin with '-'")
        }
        guard (host + (user ?? "")).utf8.allSatisfy(Self.isPlain) else {
            throw RepositoryURL.refused(shown, "the user or the host has a character that does not belong there")
        }
        self.user = user
        self.host = host
        self.port = port
        self.path = path
    }

    /// Printable, and without a meaning to a shell, to ssh's tokens or to the patterns of known_hosts.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x21...0x7e).contains(byte) && !"'\"`$\\;&|<>()%#!*?,@[]".utf8.contains(byte)
    }

    /// What ssh connects to.
    var destination: String { user.map { "\($0)@\(host)" } ?? host }
    /// How known_hosts names it.
    var knownHostsName: String { port.map { $0 == 22 ? host : "[\(host)]:\($0)" } ?? host }
}
