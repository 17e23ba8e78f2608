import Commands
import Foundation
import TestSupport
import Testing

@Suite("T2: doctor and the host keys of the git server", .enabled(if: GitServerTools.hasSSH), .timeLimit(.minutes(5)))
struct HostKeyCheckTests {
    @Test("a key that the server shows and nobody pinned is a warning with the line that pins it; pinned it is well")
    func unpinned() async throws {
        let host = try CommandFixture()
        try host.commit("1.0.0", "Install")
        let server = try await GitSSHServer(hostKeyTypes: ["ed25519", "ecdsa"])
        func check() async throws -> [String: Any] {
            let result = await host.run(
                "doctor", "--output", "json", "--set", "repository.url=\(server.url(of: host.repo.path))", "--set",
                "repository.sshKey=\(server.clientKey)", "--set", "repository.knownHosts=\(server.knownHosts)")
            let checks = try #require(result.json["checks"] as? [[String: Any]])
            return try #require(checks.first { $0["name"] as? String == "git host key" })
        }
        let warning = try await check()
        #expect(warning["status"] as? String == "warn")
        let advice = try #require(warning["advice"] as? [String])
        #expect(advice.last == server.hostKeyLines.last)
        #expect(advice.first?.contains("then add to '\(server.knownHosts)'") == true)
        try Data(server.hostKeyLines.joined(separator: "\n").utf8).write(to: URL(filePath: server.knownHosts))
        #expect(try await check()["status"] as? String == "ok")
    }
}
