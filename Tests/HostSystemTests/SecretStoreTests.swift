import Files
import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@Suite("The secret store", .enabled(if: Command.find("age") != nil || mustRun, "needs age"))
struct SecretStoreTests {
    private func fixtureWithIdentity() async throws -> (HostFixture, recipient: String) {
        var fixture = try HostFixture()
        let path = fixture.scratch.path + "/age.key"
        try await tool("age-keygen", "-o", path)
        fixture.configuration.ageIdentity = path
        return (fixture, try await recipient(of: path))
    }

    private func recipient(of identity: String) async throws -> String {
        try await tool("age-keygen", "-y", identity).text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func sealed(_ text: String, to recipient: String) async throws -> MemoryTree {
        MemoryTree(files: ["secrets.json.age": try await tool("age", "-r", recipient, input: text).output])
    }

    @Test("secrets.json.age is unlocked with the VSN's identity (S6)")
    func unlocked() async throws {
        let (fixture, recipient) = try await fixtureWithIdentity()
        let tree = try await sealed(#"{"database": "pä$$ \"w0rd\"\n", "empty": ""}"#, to: recipient)
        let secrets = try await fixture.host.secrets(in: tree)
        #expect(secrets.names == ["database", "empty"])
        #expect(secrets["database"] == "pä$$ \"w0rd\"\n" && secrets["empty"] == "")
    }

    @Test("the host's SSH key is an identity too")
    func sshKey() async throws {
        var fixture = try HostFixture()
        let path = fixture.scratch.path + "/host_key"
        try await tool("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path)
        fixture.configuration.ageIdentity = path
        let sealed = try await tool("age", "-R", path + ".pub", input: #"{"a": "b"}"#).output
        #expect(try await fixture.host.secrets(in: MemoryTree(files: ["secrets.json.age": sealed]))["a"] == "b")
    }

    @Test("there are none without a file in the repo and on the host")
    func none() async throws {
        var fixture = try HostFixture()
        fixture.configuration.secretsFile = fixture.scratch.path + "/missing.json"
        #expect(try await fixture.host.secrets(in: MemoryTree()).names == [])
    }

    @Test("the host's own file adds to those of the repo; a name in both is an error")
    func both() async throws {
        var (fixture, recipient) = try await fixtureWithIdentity()
        let own = try fixture.scratch.write(#"{"own": "1"}"#, to: "secrets.json")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: own)
        fixture.configuration.secretsFile = own
        #expect(try await fixture.host.secrets(in: sealed(#"{"repo": "2"}"#, to: recipient)).names == ["own", "repo"])
        #expect(try await fixture.host.secrets(in: MemoryTree()).names == ["own"])
        let host = fixture.host
        let error = await #expect(throws: HostError.self) {
            try await host.secrets(in: sealed(#"{"own": "canary"}"#, to: recipient))
        }
        #expect(error?.message.contains("'own' is in") == true)
    }

    @Test("a value is told from another by its digest, with a key that is made once and is root's only")
    func digest() async throws {
        let fixture = try HostFixture()
        let first = try await fixture.host.digest(of: "canary")
        #expect(first.count == 64 && first.allSatisfy { $0.isHexDigit })
        #expect(try await fixture.host.digest(of: "canary") == first)
        #expect(try await fixture.host.digest(of: "canary2") != first)
        let other = try HostFixture()
        #expect(try await other.host.digest(of: "canary") != first, "another host has another key")
        #expect(mode(fixture.configuration.stateDirectory + "/digest.key") == 0o600)
    }

    @Test("many that need the key at once agree on it")
    func race() async throws {
        let fixture = try HostFixture()
        let digests = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<16 { group.addTask { try await fixture.host.digest(of: "x") } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(digests.count == 1)
    }
}
