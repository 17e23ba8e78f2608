internal import AsyncHTTPClient
internal import FoundationEssentials
internal import Model
internal import NIOCore
internal import NIOHTTP1

/// Asks a registry once for a manifest, past the engine: an engine tries on and on, and keeps to itself what it was answered.
struct RegistryQuestion: Sendable {
    let configuration: EngineConfiguration
    let image: ImageReference

    private static let patience = Duration.seconds(15)

    /// What is wrong there, to follow "asked directly,"; `nil` where nothing is, and where it cannot be told, as of a registry
    /// without TLS.
    func answer() async -> String? {
        let name = image.digest ?? image.tag ?? "latest"
        let url = "https://\(image.registry)/v2/\(image.repository)/manifests/\(name)"
        do throws(EngineError) {
            return try await Deadline.run(min(Self.patience, configuration.idleDeadline), "ask the registry") { _ in
                try await ask(url)
            }
        } catch {
            return error.reason == .timedOut ? "its registry answers nothing" : nil
        }
    }

    private func ask(_ url: String) async throws -> String? {
        let client = try Clients.web(caFile: configuration.caFile, proxy: proxy(for: url))
        let answer: Result<UInt, any Error>
        do {
            var request = HTTPClientRequest(url: url)
            request.headers.add(name: "User-Agent", value: "fairlead")
            answer = .success(try await client.execute(request, deadline: .distantFuture).status.code)
        } catch {
            answer = .failure(error)
        }
        try? await client.shutdown()
        try Task.checkCancellation()
        switch answer {
        case .success(let status): return Self.words(status)
        case .failure(let error):
            let reason = ConnectionWords.reason(of: error)
            return reason.contains("does not speak TLS") ? nil : "its registry cannot be reached: \(reason)"
        }
    }

    /// One that wants a login is well.
    private static func words(_ status: UInt) -> String? {
        status < 400 || status == 401 ? nil : "its registry answers with status \(status)"
    }

    private func proxy(for url: String) -> WebProxy? {
        guard let parts = URLComponents(string: url), let host = parts.host, let proxy = configuration.proxy,
            proxy.serves(host, port: parts.port ?? 443)
        else { return nil }
        return proxy
    }
}

extension EngineError {
    /// Of a pull: as what a registry says, and where the engine said nothing for too long, with what it says when it is asked.
    func ofPull(_ image: ImageReference, _ configuration: EngineConfiguration) async -> EngineError {
        guard reason == .timedOut else { return ofRegistry }
        guard let answer = await RegistryQuestion(configuration: configuration, image: image).answer() else {
            return self
        }
        return EngineError(
            reason, "\(message); asked directly, \(answer)",
            hint: "it will be tried again; see what answers at that registry's address", disposition: .transient)
    }
}
