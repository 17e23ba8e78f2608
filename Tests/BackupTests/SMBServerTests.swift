import Foundation
import HostSupport
import Processes
import TestSupport
import Testing

@Suite("The SMB server of the tests", .enabled(if: SMBServer.unavailable == nil))
struct SMBServerTests {
    private func rclone(
        _ words: String..., environment: [String: String], input: [UInt8] = []
    ) async throws -> CommandResult {
        let environment = Command.plainEnvironment.merging(environment) { $1 }
        return try await Command("/usr/bin/rclone", words + ["--retries", "1"], environment: environment, input: input)
            .runToEnd()
    }

    @Test("rclone writes, lists, reads and removes on its share")
    func readsAndWrites() async throws {
        let server = try await SMBServer()
        let environment = try await server.rcloneEnvironment()
        let path = "store:\(SMBServer.share)/vsn1/dir"
        let bytes = [UInt8]((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) })
        #expect(try await rclone("rcat", "\(path)/a", environment: environment, input: bytes).status == 0)
        #expect(FileManager.default.contents(atPath: "\(server.directory)/vsn1/dir/a") == Data(bytes))
        #expect(try await rclone("lsf", path, environment: environment).text == "a\n")
        #expect(try await rclone("cat", "\(path)/a", environment: environment).output == bytes)
        #expect(try await rclone("deletefile", "\(path)/a", environment: environment).status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(server.directory)/vsn1/dir").isEmpty)
    }

    @Test("a wrong password is refused")
    func wrongPassword() async throws {
        let server = try await SMBServer()
        var environment = try await server.rcloneEnvironment()
        environment["RCLONE_CONFIG_STORE_PASS"] = try await tool("rclone", "obscure", "wrong").text
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let result = try await rclone(
            "lsf", "store:\(SMBServer.share)", "--low-level-retries", "1", environment: environment)
        #expect(result.status != 0 && result.errorTail.contains("logon is invalid"), "\(result.errorTail)")
    }
}
