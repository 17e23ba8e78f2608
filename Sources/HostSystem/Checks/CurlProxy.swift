package import Files
internal import FoundationEssentials
package import Model

/// The web proxy as curl takes it on its standard input: arguments can be seen by every user of the host.
package struct CurlProxy: Sendable {
    package let lines: [(String, String)]

    /// Whatever curl's environment says.
    package static let none = CurlProxy(lines: [("noproxy", "*")])

    private init(lines: [(String, String)]) { self.lines = lines }

    package init(_ proxy: WebProxy?, for url: String) throws(HostError) {
        guard let proxy, let parts = URLComponents(string: url), let host = parts.host,
            proxy.serves(host.trimmingBrackets, port: parts.port ?? (parts.scheme == "http" ? 80 : 443))
        else {
            self = .none
            return
        }
        self = try CurlProxy(proxy)
    }

    /// Whatever is asked for.
    package init(_ proxy: WebProxy) throws(HostError) {
        do throws(ProxyFailure) {
            let login = try proxy.login().map { [("proxy-user", "\($0.username):\($0.password)")] } ?? []
            lines = [("noproxy", ""), ("proxy", proxy.address)] + login
        } catch {
            throw HostError(error.message, hint: error.hint, disposition: .transient)
        }
    }

    /// A configuration of curl.
    package static func text(_ lines: [(String, String)]) -> String {
        lines.map { "\($0) = \"\(quoted($1))\"\n" }.joined()
    }

    private static func quoted(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

extension String {
    /// An IPv6 address as it is, of a URL's host.
    fileprivate var trimmingBrackets: String { hasPrefix("[") ? String(dropFirst().dropLast()) : self }
}
