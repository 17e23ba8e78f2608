internal import Clibgit2
internal import Glibc
internal import Model
internal import Synchronization

/// Leads this process's connections through the web proxy, by `CONNECT` with the login at once.
///
/// libgit2's own way gives up at a proxy that closes the connection when it wants a login, and does not tell why a proxy
/// refuses. The certificate of the server is checked by libgit2 all the same.
enum ProxyTunnel {
    private struct Way: Sendable {
        let proxy: WebProxy
        /// The header with the login, or nothing.
        let authorization: String
    }

    /// What kept a connection from being made.
    enum Obstacle: Sendable, Hashable {
        case unreachable(String)
        case loginRefused
        case refused(status: Int)
        case noProxy
    }

    /// libgit2 hands no context to whoever makes a stream; a child process has one conversation.
    private static let way = Mutex<Way?>(nil)
    private static let found = Mutex<Obstacle?>(nil)

    static var obstacle: Obstacle? { found.withLock { $0 } }

    static func use(_ proxy: WebProxy) throws {
        let login = try proxy.login()
        let authorization = login.map { "Proxy-Authorization: Basic \($0.basic)\r\n" } ?? ""
        way.withLock { $0 = Way(proxy: proxy, authorization: authorization) }
        try check { fairlead_git_use_tunnels(makeStream) }
    }

    private static let makeStream:
        @convention(c) (
            UnsafeMutablePointer<UnsafeMutablePointer<git_stream>?>?, UnsafePointer<CChar>?, UnsafePointer<CChar>?
        ) -> Int32 = { out, host, port in
            guard let host, let port, let stream = fairlead_git_tunnel_new(host, port, ProxyTunnel.open) else {
                return -1
            }
            out?.pointee = stream
            return 0
        }

    private static let open: @convention(c) (UnsafePointer<CChar>?, UnsafePointer<CChar>?) -> Int32 = { host, port in
        guard let host, let port, let way = ProxyTunnel.way.withLock({ $0 }) else { return -1 }
        let name = String(cString: host)
        let place = "\(name.contains(":") ? "[\(name)]" : name):\(String(cString: port))"
        switch ProxyTunnel.connection(to: place, way) {
        case .success(let descriptor): return descriptor
        case .failure(let failure):
            ProxyTunnel.found.withLock { $0 = failure.obstacle }
            git_error_set_str(Int32(GIT_ERROR_NET.rawValue), "the web proxy makes no connection")
            return -1
        }
    }

    private struct Failure: Error { let obstacle: Obstacle }

    private static func connection(to place: String, _ way: Way) -> Result<Int32, Failure> {
        let descriptor: Int32
        switch ProxySocket.connected(to: way.proxy) {
        case .success(let socket): descriptor = socket
        case .failure(let error): return .failure(Failure(obstacle: .unreachable(error.reason)))
        }
        let request = "CONNECT \(place) HTTP/1.1\r\nHost: \(place)\r\n\(way.authorization)\r\n"
        guard ProxySocket.send(request, to: descriptor), let head = ProxySocket.head(from: descriptor) else {
            close(descriptor)
            return .failure(Failure(obstacle: .unreachable("it closes the connection")))
        }
        if let obstacle = Self.obstacle(in: head) {
            close(descriptor)
            return .failure(Failure(obstacle: obstacle))
        }
        return .success(descriptor)
    }

    /// `nil` of an answer that opens the way.
    static func obstacle(in head: String) -> Obstacle? {
        let words = head.prefix { $0 != "\r\n" && $0 != "\n" }.split(separator: " ")
        guard words.count > 1, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else { return .noProxy }
        switch status {
        case 200..<300: return nil
        // Some proxies say 401 of a wrong password.
        case 401, 407: return .loginRefused
        default: return .refused(status: status)
        }
    }
}
