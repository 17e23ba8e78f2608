/// Where an archive lies, parsed from its URL.
enum ArchiveSource: Sendable, Equatable {
    case file(String)
    case https(String)
    case ssh(SSHLocation)

    init(_ url: String) throws(EngineError) {
        if let path = url.strippingPrefix("file://"), path.hasPrefix("/") {
            self = .file(path)
        } else if url.hasPrefix("https://") {
            self = .https(url)
        } else if let location = SSHLocation(url) {
            self = .ssh(location)
        } else {
            throw EngineError(
                .refused(status: nil), "cannot load '\(Self.redacted(url))': it is not the URL of an archive",
                hint: "write 'file:///path', 'https://host/path' or 'ssh://[user@]host[:port]/path'")
        }
    }

    /// For people: without the login and the query of a web address, which are often secret.
    var shown: String {
        switch self {
        case .file(let path): "file://\(path)"
        case .https(let url): Self.redacted(url)
        case .ssh(let location): location.shown
        }
    }

    private static func redacted(_ url: String) -> String {
        url.replacing(#/:\/\/[^\/@]*@/#, with: "://").replacing(#/\?.*/#, with: "")
    }
}

/// A file of another host, reached by the system's ssh.
struct SSHLocation: Sendable, Equatable {
    let user: String?
    let host: String
    let port: UInt16?
    let path: String

    init?(_ url: String) {
        let pattern =
            #/ssh://(?:(?<user>[a-zA-Z0-9._-]+)@)?(?<host>[a-zA-Z0-9][a-zA-Z0-9.-]*)(?::(?<port>[0-9]+))?(?<path>/.+)/#
        guard let match = url.wholeMatch(of: pattern)?.output, match.user?.hasPrefix("-") != true else { return nil }
        user = match.user.map(String.init)
        host = String(match.host)
        path = String(match.path)
        port = match.port.flatMap { UInt16($0) }
        if match.port != nil, port == nil { return nil }
    }

    var shown: String { "ssh://\(host)\(port.map { ":\($0)" } ?? "")\(path)" }

    /// What the other host's shell runs.
    var command: String { "cat -- '" + path.replacing("'", with: #"'\''"#) + "'" }
}

extension String {
    func strippingPrefix(_ prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}
