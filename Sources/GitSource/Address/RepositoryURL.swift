/// The URL of a repository, taken apart once; what could be read as an option of a program is refused.
struct RepositoryURL: Hashable, Sendable {
    enum Transport: Hashable, Sendable {
        case local(path: String)
        case https
        case http
        case git
        case ssh(SSHAddress)
    }

    /// As configured.
    let text: String
    let transport: Transport
    /// Without user information, for people.
    let shown: String

    /// Without a scheme it is `host:path` when a colon comes before any slash, else a path.
    init(_ text: String) throws(GitFailure) {
        self.text = text
        guard !text.isEmpty, !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) else {
            throw Self.refused(text.filter { !$0.isNewline }, "it is empty or has a control character")
        }
        let scheme = text.prefix { $0.isLetter || $0 == "+" }.lowercased()
        guard text.dropFirst(scheme.count).hasPrefix("://") else {
            (transport, shown) = try Self.withoutScheme(text)
            return
        }
        let (user, host, port, path) = try Self.split(text.dropFirst(scheme.count + 3), of: text)
        shown = Self.shown(scheme, host: host, port: port, path: path)
        transport = try Self.transport(scheme, user: user, host: host, port: port, path: path, shown: shown)
    }

    private static func transport(
        _ scheme: String, user: String?, host: String, port: Int?, path: String, shown: String
    ) throws(GitFailure) -> Transport {
        guard scheme != "file" else { return .local(path: path) }
        guard !host.isEmpty else { throw refused(shown, "it names no host") }
        switch scheme {
        case "https": return .https
        case "http": return .http
        case "git": return .git
        case "ssh", "git+ssh", "ssh+git":
            // ssh://host/~user/repo is relative to the home of that user, as git reads it.
            let path = path.hasPrefix("/~") ? String(path.dropFirst()) : path
            return .ssh(try SSHAddress(user: user, host: host, port: port, path: path, shown: shown))
        default: throw refused(shown, "'\(scheme)://' is not supported")
        }
    }

    private static func withoutScheme(_ text: String) throws(GitFailure) -> (Transport, String) {
        guard let colon = colonOfHost(in: text) else {
            guard text.hasPrefix("/") else { throw refused(text, "a local path has to be absolute") }
            return (.local(path: text), text)
        }
        let (user, host, _) = authority(text[..<colon])
        let path = String(text[text.index(after: colon)...])
        let shown = "\(host):\(path)"
        return (.ssh(try SSHAddress(user: user, host: host, port: nil, path: path, shown: shown)), shown)
    }

    /// The colon of `user@host:path`; an IPv6 address stands in brackets.
    private static func colonOfHost(in text: String) -> String.Index? {
        let start = text.firstIndex(of: "]") ?? text.startIndex
        guard let colon = text[start...].firstIndex(of: ":") else { return nil }
        return text[..<colon].contains("/") ? nil : colon
    }

    static func refused(_ shown: String, _ why: String) -> GitFailure {
        GitFailure(
            .configuration, "cannot use '\(shown)' as the repository's url: \(why)",
            hint: "write https://HOST/PATH, ssh://USER@HOST/PATH, USER@HOST:PATH, git://HOST/PATH or an absolute path")
    }
}
