import Model
import TestSupport
import Testing

@testable import ContainerEngine

@Suite("A registry of which the engine says nothing is asked directly")
struct RegistryQuestionTests {
    private func answer(_ server: TLSFileServer) async throws -> String? {
        var configuration = EngineConfiguration()
        configuration.caFile = server.caFile
        let image = try #require(ImageReference("localhost:\(server.port)/acme/web:1"))
        return await RegistryQuestion(configuration: configuration, image: image).answer()
    }

    @Test(
        "its status is told unless it is well, or wants a login",
        arguments: [
            ("200 OK", nil), ("401 Unauthorized", nil), ("403 Forbidden", "its registry answers with status 403"),
            ("429 Too Many Requests", "its registry answers with status 429"),
            ("503 Service Unavailable", "its registry answers with status 503"),
        ] as [(String, String?)])
    func status(line: String, words: String?) async throws {
        let text = "HTTP/1.0 \(line)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        let server = try await TLSFileServer.start(files: ["v2/acme/web/manifests/1": text], areAnswers: true)
        defer { server.stop() }
        #expect(try await answer(server) == words)
    }

    @Test("one that is not there, or whose certificate is not believed, is told as well")
    func unreachable() async throws {
        let server = try await TLSFileServer.start()
        let image = try #require(ImageReference("localhost:\(server.port)/acme/web:1"))
        let stranger = RegistryQuestion(configuration: EngineConfiguration(), image: image)
        #expect(await stranger.answer()?.contains("unknown authority") == true)
        server.stop()
        #expect(try await answer(server)?.contains("connection refused") == true)
    }
}
