import TestSupport
import Testing

@testable import GitSource

@Suite("T2: host keys that a git server shows before any is pinned", .enabled(if: GitServerTools.hasSSH))
struct HostKeyServerTests {
    @Test("each key of the server has the fingerprint that ssh-keygen prints, and the name that known_hosts has for it")
    func shown() async throws {
        let server = try await GitSSHServer(hostKeyTypes: ["ed25519", "ecdsa"])
        let found = try #require(HostKeyServer(of: server.url(of: "/srv/acme.git"), confiner: FairleadBinary.path))
        #expect(found.name == "[127.0.0.1]:\(server.port)" && found.host == "127.0.0.1" && found.port == server.port)
        let keys = await found.shownKeys()
        #expect(keys.map { "\(found.name) \($0.key)" } == server.hostKeyLines.sorted())
        #expect(keys.map(\.kind) == ["ECDSA", "ED25519"])
        let fingerprint = try server.hostFingerprint()
        #expect(keys.last?.fingerprint == fingerprint)
    }

    @Test("what is pinned for the server is found with its line, also of hashed names; a marked line pins no key")
    func pinned() async throws {
        let key = try SSHTestKey()
        let scratch = try Scratch()
        let name = "[git.example.com]:2222"
        let file = try scratch.write(
            """
            # a comment
            other.example.com \(key.line)
            \(name) \(key.line) ada
            @cert-authority \(name) \(key.line)
            @revoked \(name) \(key.line)

            """, to: "known_hosts")
        let server = try #require(HostKeyServer(of: "ssh://git@git.example.com:2222/acme.git", confiner: nil))
        let plain = await server.pinnedLines(in: file)
        #expect(plain.map(\.number) == [3, 4, 5])
        #expect(plain.map(\.key) == [key.line, nil, nil])
        #expect(plain.map(\.isAuthority) == [false, true, false])
        try TestProgram("ssh-keygen", ["-H", "-f", file]).run()
        #expect(await server.pinnedLines(in: file).map(\.number) == [3, 4, 5])
        #expect(await server.pinnedLines(in: "/nonexistent").isEmpty)
    }

    @Test("only what is reached by ssh has such a server", arguments: ["/srv/a", "https://git.example.com/a", "a b"])
    func others(url: String) {
        #expect(HostKeyServer(of: url, confiner: nil) == nil)
    }

    @Test("port 22 is in no name of known_hosts")
    func standardPort() {
        for url in ["git@git.example.com:acme.git", "ssh://git@git.example.com:22/acme.git"] {
            let server = HostKeyServer(of: url, confiner: nil)
            #expect(server?.name == "git.example.com" && server?.port == 22, "\(url)")
        }
    }
}
