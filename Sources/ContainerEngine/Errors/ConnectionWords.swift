internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// What a failed connection means, in words for people.
enum ConnectionWords {
    static func reason(of error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { reason(of: $0.error) } ?? "cannot resolve '\(error.host)'"
        case _ where isBusy(error): "it took no connection in time"
        case let error as IOError: String(cString: strerror(error.errnoCode)).lowercased()
        case ChannelError.connectTimeout: "no connection in time"
        case let error as HTTPClientError: words(error)
        case let error as NIOSSLError: words(error)
        default: "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
        }
    }

    private static func words(_ error: HTTPClientError) -> String {
        switch error {
        case .connectTimeout: "no connection in time"
        case .remoteConnectionClosed: "the connection was closed early"
        case .proxyAuthenticationRequired: "it does not accept the login"
        case .invalidProxyResponse: "it opens no way to that server"
        case .alreadyShutdown: "the engine's client is shut down"
        case .tlsHandshakeTimeout: "no TLS handshake in time"
        default: error.shortDescription
        }
    }

    private static func words(_ error: NIOSSLError) -> String {
        let text = "\(error)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") { return "its certificate is signed by unknown authority" }
        if text.contains("WRONG_VERSION_NUMBER") { return "it does not speak TLS" }
        return "no TLS connection: " + text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    /// Whether this host knows no way to the address.
    static func lacksWay(_ error: any Error) -> Bool {
        switch error {
        case let error as IOError: error.errnoCode == ENETUNREACH || error.errnoCode == EHOSTUNREACH
        case let error as NIOConnectionError: error.connectionErrors.contains { lacksWay($0.error) }
        default: false
        }
    }

    /// Whether the other side has not come to take the connection, so that nothing of the request was sent.
    static func isBusy(_ error: any Error) -> Bool {
        switch error {
        case let error as HTTPClientError: error == .getConnectionFromPoolTimeout
        case let error as IOError: error.errnoCode == EAGAIN
        case let error as NIOConnectionError: error.connectionErrors.contains { isBusy($0.error) }
        default: false
        }
    }

    /// Whether nothing listens at the address, so that nothing of the request was sent.
    static func isNotListening(_ error: any Error) -> Bool {
        switch error {
        case let error as IOError: error.errnoCode == ENOENT || error.errnoCode == ECONNREFUSED
        case let error as NIOConnectionError: error.connectionErrors.contains { isNotListening($0.error) }
        default: false
        }
    }
}
