/// The web proxy that this host has to use, where it is not used, and where its credentials lie.
///
/// It holds no secret: the password is read anew for each use.
public struct WebProxy: Sendable, Hashable, Codable {
    public let host: String
    public let port: Int
    public let username: String?
    /// A file with the password.
    public let passwordFile: String?
    public let exceptions: ProxyExceptions

    /// Throws when `url` is not `http://HOST:PORT`. An error does not repeat it: there may be a password in it.
    public init(
        url: String, username: String? = nil, passwordFile: String? = nil,
        exceptions: ProxyExceptions = ProxyExceptions()
    ) throws(ProxyFailure) {
        let pattern = #/http://(?:\[(?<address>[0-9A-Fa-f:.]+)\]|(?<name>[A-Za-z0-9._-]+)):(?<port>[0-9]{1,5})/?/#
        guard let match = url.wholeMatch(of: pattern)?.output, let port = Int(match.port), (1...65535).contains(port),
            let host = match.address ?? match.name
        else { throw .badURL }
        self.host = String(host)
        self.port = port
        self.username = username
        self.passwordFile = passwordFile
        self.exceptions = exceptions
    }

    /// Whether what is asked of this host and port goes through the proxy.
    public func serves(_ host: String, port: Int) -> Bool { !exceptions.match(host, port: port) }

    /// `http://HOST:PORT`, for people and for programs that get the credentials otherwise.
    public var address: String { "http://\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    /// `nil` when the proxy wants none.
    public func login() throws(ProxyFailure) -> ProxyLogin? {
        guard let username else { return nil }
        return ProxyLogin(username: username, password: try passwordFile.map(ProxyLogin.password(in:)) ?? "")
    }

    /// What an operator has to know when the proxy answers with status 407.
    public var loginRefusal: ProxyFailure {
        guard let username else {
            return ProxyFailure(
                message: "the web proxy '\(address)' wants a login",
                hint: "configure 'proxy.username' and 'proxy.passwordFile'")
        }
        let file = passwordFile.map { " with the password in '\($0)'" } ?? ""
        return ProxyFailure(
            message: "the web proxy '\(address)' does not accept user '\(username)'\(file)",
            hint: "correct 'proxy.username' or the password in that file")
    }

    /// As programs take it that are told of a proxy by their environment. It holds the password.
    public func environment() throws(ProxyFailure) -> [String: String] {
        let user = try login().map { "\($0.escaped)@" } ?? ""
        let url = address.replacing("://", with: "://\(user)", maxReplacements: 1)
        let values = ["HTTP_PROXY": url, "HTTPS_PROXY": url, "NO_PROXY": exceptions.list]
        return values.reduce(into: [:]) { all, value in
            // Some programs read only the one, some only the other.
            all[value.key] = value.value
            all[value.key.lowercased()] = value.value
        }
    }
}

/// The web proxy cannot be used as it is configured.
public struct ProxyFailure: Actionable, Hashable {
    public let message: String
    public let hint: String
    public var disposition: Disposition { .transient }

    static let badURL = Self(
        message: "the web proxy's url is not of the form 'http://HOST:PORT'",
        hint: "write it without user and password: these are 'proxy.username' and a file, 'proxy.passwordFile'")

    static func unreadable(_ path: String, _ why: String, hint: String) -> Self {
        Self(message: "cannot read the web proxy's password in '\(path)': \(why)", hint: hint)
    }
}
