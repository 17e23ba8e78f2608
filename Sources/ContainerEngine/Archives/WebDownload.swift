internal import AsyncHTTPClient
internal import FoundationEssentials
internal import Model
internal import NIOCore
internal import NIOHTTP1

/// One file from a web server, by the web proxy where that serves the server's host.
struct WebDownload: Sendable {
    let configuration: EngineConfiguration
    /// What is attempted, for errors.
    let action: String

    /// Redirects are followed here: each host has to be looked at anew.
    func fetch(_ url: String, into sink: DownloadSink, redirects: Int = 5) async throws -> ArchiveDigest {
        let proxy = proxy(for: url)
        let next: Step
        do {
            next = try await withClient(proxy) { try await step(url, $0, sink) }
        } catch let error where !(error is EngineError) && !Task.isCancelled {
            throw explain(error, proxy)
        }
        switch next {
        case .done(let digest): return digest
        case .goOn(let place):
            guard redirects > 0 else {
                throw EngineError(
                    .refused(status: nil), "cannot \(action): the server redirects again and again",
                    hint: "correct the URL")
            }
            return try await fetch(place, into: sink, redirects: redirects - 1)
        }
    }

    private enum Step: Sendable {
        case done(ArchiveDigest)
        case goOn(String)
    }

    private func step(_ url: String, _ client: HTTPClient, _ sink: DownloadSink) async throws -> Step {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "User-Agent", value: "fairlead")
        let response = try await client.execute(request, deadline: .distantFuture)
        if (300..<400).contains(response.status.code), let place = response.headers.first(name: "Location"),
            let next = URL(string: place, relativeTo: URL(string: url))?.absoluteString
        {
            return .goOn(try permitted(next))
        }
        guard response.status == .ok else { throw refused(response.status) }
        let total = response.headers.first(name: "Content-Length").flatMap { Int64($0) }
        return .done(try await sink.drain(Pieces(body: response.body), of: total))
    }

    /// A server leads on only to where a plan could have gone. Of the address no more is told than its host: the rest may
    /// be as good as a password.
    private func permitted(_ place: String) throws(EngineError) -> String {
        guard let parts = URLComponents(string: place), parts.scheme?.lowercased() == "https", let host = parts.host
        else {
            throw EngineError(
                .refused(status: nil), "cannot \(action): the server leads on to what is no https",
                hint: "write the address that it leads to, with https")
        }
        let origin = "https://\(host)\(parts.port.map { ":\($0)" } ?? "")"
        guard let problem = configuration.policy.problem(ofArchiveAt: place, shown: origin) else { return place }
        throw EngineError(
            .refused(status: nil), "cannot \(action): the server leads on, and \(problem.message)", hint: problem.hint)
    }

    private func proxy(for url: String) -> WebProxy? {
        guard let parts = URLComponents(string: url), let host = parts.host, let proxy = configuration.proxy else {
            return nil
        }
        let name = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        return proxy.serves(name, port: parts.port ?? (parts.scheme == "http" ? 80 : 443)) ? proxy : nil
    }

    private func withClient<Result: Sendable>(
        _ proxy: WebProxy?, _ body: (HTTPClient) async throws -> Result
    ) async throws -> Result {
        let client = try Clients.web(caFile: configuration.caFile, proxy: proxy)
        do {
            let result = try await body(client)
            try? await client.shutdown()
            return result
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    /// Not the engine is out of reach, but that server, or the way to it.
    private func explain(_ error: any Error, _ proxy: WebProxy?) -> EngineError {
        if let failure = error as? ProxyFailure { return Self.error(failure, action) }
        let reason = ConnectionWords.reason(of: error)
        guard let proxy else { return EngineError(status: nil, said: reason, action) }
        if let error = error as? HTTPClientError, error == .proxyAuthenticationRequired {
            return Self.error(proxy.loginRefusal, action)
        }
        return EngineError(
            .refused(status: nil), "cannot \(action): by the web proxy '\(proxy.address)': \(reason)",
            hint: "check 'proxy' in the configuration; 'fairlead doctor' asks the proxy", disposition: .transient)
    }

    private static func error(_ failure: ProxyFailure, _ action: String) -> EngineError {
        EngineError(
            .refused(status: nil), "cannot \(action): \(failure.message)", hint: failure.hint,
            disposition: failure.disposition)
    }

    private func refused(_ status: HTTPResponseStatus) -> EngineError {
        EngineError(
            .refused(status: Int(status.code)), "cannot \(action): the server answered with status \(status.code)",
            hint: "check the URL, and that this host may read it",
            disposition: status.code >= 500 || status.code == 429 ? .transient : .permanent)
    }
}

/// The body of an answer in pieces of bytes.
private struct Pieces: AsyncSequence, Sendable {
    let body: HTTPClientResponse.Body

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: HTTPClientResponse.Body.AsyncIterator

        mutating func next() async throws -> [UInt8]? { try await base.next().map { Array($0.readableBytesView) } }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: body.makeAsyncIterator()) }
}
