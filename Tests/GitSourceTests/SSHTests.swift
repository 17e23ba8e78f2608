import Foundation
import GitSource
import Model
import TestSupport
import Testing

@Suite("ssh", .enabled(if: GitServerTools.hasSSH, "needs openssh-server, openssh-client and git"))
struct SSHTests {
    let repository: GitFixture
    let id: CommitID

    init() throws {
        repository = try GitFixture()
        try repository.write("plan.json", "{}")
        id = try #require(CommitID(try repository.commit("first")))
    }

    private func bench(_ server: GitSSHServer, key: String? = nil, knownHosts: String? = nil) throws -> GitBench {
        try GitBench(server.url(of: repository.path)) {
            $0.sshKey = key ?? server.clientKey
            $0.knownHosts = knownHosts ?? server.knownHosts
        }
    }

    @Test("RSA, ECDSA and ed25519 keys fetch from a port of their own", arguments: ["rsa", "ecdsa", "ed25519"])
    func keys(type: String) async throws {
        let server = try await GitSSHServer(keyType: type)
        let bench = try bench(server)
        #expect(try await bench.follow() == id)
        #expect(try await bench.source.tree(at: id).content(of: "plan.json") == Array("{}".utf8))
        try repository.write("plan.json", "{ }")
        let next = try repository.commit("second")
        #expect(try await bench.follow().hex == next)
    }

    @Test("an unknown host key is refused with its fingerprint and the line that would trust it")
    func unknownHost() async throws {
        let server = try await GitSSHServer()
        let file = try Scratch().write("", to: "known_hosts")
        let failure = await gitFailure { _ = try await bench(server, knownHosts: file).source.remoteTip() }
        #expect(failure?.kind == .identity)
        #expect(failure?.message.contains(try server.hostFingerprint()) == true)
        let line = try Paths.text(of: server.knownHosts).trimmingCharacters(in: .newlines)
        #expect(failure?.hint.contains(line) == true)
    }

    @Test("the line of that hint makes the server trusted")
    func hintedLine() async throws {
        let server = try await GitSSHServer()
        let scratch = try Scratch()
        let file = "\(scratch.path)/known hosts"
        let failure = await gitFailure { _ = try await bench(server, knownHosts: file).source.remoteTip() }
        let hint = try #require(failure?.hint)
        let start = try #require(hint.range(of: "'\(file)': "))
        try scratch.write(String(hint[start.upperBound...]) + "\n", to: "known hosts")
        #expect(try await bench(server, knownHosts: file).source.remoteTip().commit == id)
    }

    @Test("a changed host key is refused with the new fingerprint")
    func changedHost() async throws {
        let server = try await GitSSHServer()
        let other = try String(contentsOfFile: server.strangersKey() + ".pub", encoding: .utf8)
        let file = try Scratch()
        let path = try file.write("[127.0.0.1]:\(server.port) \(other)", to: "known_hosts")
        let failure = await gitFailure { _ = try await bench(server, knownHosts: path).source.remoteTip() }
        #expect(failure?.kind == .identity)
        #expect(failure?.message.contains("is not the one in '\(path)'") == true)
        #expect(failure?.message.contains(try server.hostFingerprint()) == true)
    }

    @Test("a key that the server does not accept is named, with what to do")
    func refusedKey() async throws {
        let server = try await GitSSHServer()
        let key = try server.strangersKey()
        let failure = await gitFailure { _ = try await bench(server, key: key).source.remoteTip() }
        #expect(failure?.kind == .authentication)
        #expect(failure?.message.contains("does not accept the ssh key '\(key)' (ED25519 SHA256:") == true)
        #expect(failure?.hint.contains("ssh-keygen -y -f '\(key)'") == true)
    }

    @Test("a key that others can read is refused with the command that mends it")
    func openKey() async throws {
        let server = try await GitSSHServer()
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: server.clientKey)
        let failure = await gitFailure { _ = try await bench(server).source.remoteTip() }
        #expect(failure?.kind == .configuration)
        #expect(failure?.hint == "chmod 600 '\(server.clientKey)'")
    }

    @Test("a key that is not there is named")
    func missingKey() async throws {
        let server = try await GitSSHServer()
        let failure = await gitFailure { _ = try await bench(server, key: "/nonexistent/key").source.remoteTip() }
        #expect(failure?.kind == .configuration)
        #expect(failure?.message.contains("'/nonexistent/key'") == true)
    }

    @Test("a repository that the server does not have is not found")
    func missingRepository() async throws {
        let server = try await GitSSHServer()
        let bench = try GitBench(server.url(of: "/nonexistent/it's.git")) {
            $0.sshKey = server.clientKey
            $0.knownHosts = server.knownHosts
        }
        let failure = await gitFailure { _ = try await bench.source.remoteTip() }
        #expect(failure?.kind == .notFound)
        #expect(failure?.message.contains("/nonexistent/it's.git") == true)
    }

    @Test("only the one branch comes, and no tags")
    func onlyTheBranch() async throws {
        try repository.git("tag", "v1")
        try repository.git("checkout", "--quiet", "-b", "other")
        let other = try #require(CommitID(try repository.commit("other")))
        let server = try await GitSSHServer()
        let bench = try bench(server)
        #expect(try await bench.follow() == id)
        let failure = await gitFailure { _ = try await bench.source.commit(other) }
        #expect(failure?.kind == .notFound)
        #expect(!Paths.exists("\(bench.mirror)/refs/tags/v1"))
    }

    @Test("a path with quotes and spaces reaches the repository")
    func quotedPath() async throws {
        let server = try await GitSSHServer()
        let scratch = try Scratch()
        let path = "\(scratch.path)/it's a $(repo)"
        try repository.git("clone", "--quiet", "--bare", repository.path, path)
        let bench = try GitBench(server.url(of: path)) {
            $0.sshKey = server.clientKey
            $0.knownHosts = server.knownHosts
        }
        #expect(try await bench.follow() == id)
    }
}
