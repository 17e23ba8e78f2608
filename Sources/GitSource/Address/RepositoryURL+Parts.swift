extension RepositoryURL {
    typealias Parts = (user: String?, host: String, port: Int?, path: String)

    /// `user:password@host:port/path`, the path with its leading slash.
    static func split(_ rest: Substring, of text: String) throws(GitFailure) -> Parts {
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let (user, host, port) = authority(rest[..<slash])
        guard let port else { return (user, host, nil, String(rest[slash...])) }
        guard let number = Int(port), (1...65535).contains(number) else {
            throw refused("\(text.prefix { $0 != ":" })://\(host):\(port)", "'\(port)' is not a port")
        }
        return (user, host, number, String(rest[slash...]))
    }

    /// The user without a password, the host without its brackets, the port as written.
    static func authority(_ text: Substring) -> (user: String?, host: String, port: String?) {
        let at = text.lastIndex(of: "@")
        let user = at.map { String(text[..<$0].prefix { $0 != ":" }) }
        let place = at.map { text[text.index(after: $0)...] } ?? text
        if place.hasPrefix("["), let end = place.firstIndex(of: "]") {
            let port = place[end...].dropFirst(2)
            return (user, String(place[..<end].dropFirst()), port.isEmpty ? nil : String(port))
        }
        let parts = place.split(separator: ":", maxSplits: 1)
        return (user, String(parts.first ?? ""), parts.count > 1 ? String(parts[1]) : nil)
    }

    static func shown(_ scheme: String, host: String, port: Int?, path: String) -> String {
        guard scheme != "file" else { return "file://\(path)" }
        let host = host.contains(":") ? "[\(host)]" : host
        return "\(scheme)://\(host)\(port.map { ":\($0)" } ?? "")\(path)"
    }

    /// `nil` of a local path.
    var hostName: String? {
        switch transport {
        case .local: nil
        case .ssh(let address): address.host
        default: try? Self.split(text.drop { $0 != ":" }.dropFirst(3), of: text).host
        }
    }

    /// Who is asked by http or https; `nil` of everything else.
    var webServer: (host: String, port: Int)? {
        guard transport == .https || transport == .http,
            let parts = try? Self.split(text.drop { $0 != ":" }.dropFirst(3), of: text)
        else { return nil }
        return (parts.host, parts.port ?? (transport == .https ? 443 : 80))
    }

    /// Whether the host can only be this one.
    var isLoopback: Bool {
        guard let parts = try? Self.split(text.drop { $0 != ":" }.dropFirst(3), of: text) else { return false }
        return parts.host == "localhost" || parts.host == "::1" || parts.host.hasPrefix("127.")
    }

    /// Whether the URL itself carries a password.
    var hasPassword: Bool {
        let rest = text.drop { $0 != ":" }.dropFirst(3)
        let authority = rest.prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return false }
        return authority[..<at].contains(":")
    }
}
