internal import AsyncHTTPClient
internal import Dispatch
internal import Model
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// The HTTP clients of one engine, on one thread.
final class Clients: Sendable {
    /// Of the whole process; one thread serves hundreds of connections.
    static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    /// For the engine's socket.
    let engine: HTTPClient
    /// For health checks: follows no redirect and verifies no certificate.
    let probes: HTTPClient

    /// `patience`: how long the engine may take to accept a connection.
    init(caFile: String?, patience: Duration) {
        var configuration = Self.configuration(caFile)
        configuration.timeout.connect = .nanoseconds(Int64(patience / .nanoseconds(1)))
        engine = HTTPClient(eventLoopGroup: Self.group, configuration: configuration)

        var lenient = configuration
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .none
        lenient.tlsConfiguration = tls
        lenient.redirectConfiguration = .disallow
        lenient.connectionPool.idleTimeout = .milliseconds(1)
        probes = HTTPClient(eventLoopGroup: Self.group, configuration: lenient)
    }

    /// For one download; follows no redirect. To be shut down.
    static func web(caFile: String?, proxy: WebProxy?) throws -> HTTPClient {
        var configuration = configuration(caFile)
        configuration.redirectConfiguration = .disallow
        if let proxy {
            let login = try proxy.login()
            configuration.proxy = .server(
                host: proxy.host, port: proxy.port,
                authorization: login.map { .basic(username: $0.username, password: $0.password) })
        }
        return HTTPClient(eventLoopGroup: group, configuration: configuration)
    }

    private static func configuration(_ caFile: String?) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(10)
        // A refused connection is the sign to start the service; trying it again until a time-out would hide it.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        // Shorter than any service's idle exit (5 s with systemd), so that no request meets one that just left.
        configuration.connectionPool.idleTimeout = .seconds(3)
        configuration.httpVersion = .http1Only
        if let caFile {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.additionalTrustRoots = [.file(caFile)]
            configuration.tlsConfiguration = tls
        }
        return configuration
    }

    func shutDown() async {
        try? await engine.shutdown()
        try? await probes.shutdown()
    }

    deinit {
        // For whoever forgot: a client that is let go while it runs leaks its connections.
        engine.shutdown { _ in }
        probes.shutdown { _ in }
    }
}
