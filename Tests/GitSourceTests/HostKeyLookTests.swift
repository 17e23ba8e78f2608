import Model
import TestSupport
import Testing

@testable import GitSource

@Suite("T2: host keys of the git server, old and new", .enabled(if: GitServerTools.hasSSH, "needs ssh and git"))
struct HostKeyLookTests {
    private let repository: GitFixture
    private let scratch: Scratch

    init() throws {
        repository = try GitFixture()
        try repository.write("plan.json", "{}")
        try repository.commit("first")
        scratch = try Scratch()
    }

    private func repositoryLocation(_ server: GitSSHServer, knownHosts: [String]) throws -> RepositoryLocation {
        let file = try scratch.write(knownHosts.map { "\($0)\n" }.joined(), to: "known_hosts")
        return RepositoryLocation(
            url: server.url(of: repository.path), sshKey: server.clientKey, knownHosts: file, timeout: .seconds(30))
    }

    private func findings(_ location: RepositoryLocation) async -> [HostKeyLook.Finding] {
        await HostKeyLook(location, confiner: FairleadBinary.path).findings()
    }

    @Test("an old and a new key of one kind are pinned at once: either of them is believed, and no third one")
    func bothPinned() async throws {
        let (old, new) = (try await GitSSHServer(), try await GitSSHServer())
        // The key of the one, under the name of the other: the server before it changed its key, and after.
        func line(_ server: GitSSHServer, as other: GitSSHServer) throws -> String {
            try #require(server.hostKeyLines.first).replacing(
                "[127.0.0.1]:\(server.port)", with: "[127.0.0.1]:\(other.port)")
        }
        for (server, other) in [(old, new), (new, old)] {
            let lines = [try line(other, as: server), try line(server, as: server)]
            for known in [lines, lines.reversed()] {
                let location = try repositoryLocation(server, knownHosts: known)
                let bench = try GitBench(location.url) { $0 = location }
                let tip = try await bench.source.remoteTip().commit.hex
                let head = try repository.head()
                #expect(tip == head)
            }
        }
        let location = try repositoryLocation(new, knownHosts: [try line(old, as: new)])
        let bench = try GitBench(location.url) { $0 = location }
        let failure = await gitFailure { _ = try await bench.source.remoteTip() }
        #expect(failure?.kind == .identity)
    }

    @Test("a key that the server shows and nobody pinned is found, with the line that pins it")
    func unpinned() async throws {
        let server = try await GitSSHServer(hostKeyTypes: ["ed25519", "ecdsa"])
        let lines = server.hostKeyLines
        let one = await findings(try repositoryLocation(server, knownHosts: [lines[0]]))
        #expect(one == [.offered(host: "127.0.0.1", pinned: 1, unpinned: [lines[1]])])
        let both = try repositoryLocation(server, knownHosts: lines)
        #expect(await findings(both) == [.offered(host: "127.0.0.1", pinned: 2, unpinned: [])])
        try TestProgram("ssh-keygen", ["-H", "-f", "\(scratch.path)/known_hosts"]).run()
        #expect(
            await findings(both) == [.offered(host: "127.0.0.1", pinned: 2, unpinned: [])],
            "names that are hashed")
        let authority = try repositoryLocation(server, knownHosts: ["@cert-authority \(lines[0])"])
        #expect(await findings(authority) == [.offered(host: "127.0.0.1", pinned: 2, unpinned: [])])
        let revoked = try repositoryLocation(server, knownHosts: [lines[0], "@revoked \(lines[1])"])
        #expect(await findings(revoked) == [.offered(host: "127.0.0.1", pinned: 1, unpinned: [])])
    }

    @Test("T3: no server is asked but in the limits that the program of Fairlead sets")
    func limits() async throws {
        let server = try await GitSSHServer()
        let look = HostKeyLook(try repositoryLocation(server, knownHosts: []), confiner: "/bin/false")
        #expect(await look.findings() == [.unknown(host: "127.0.0.1", reason: "it shows no host key from here")])
    }

    @Test("a server that is away, a path and https are no fault")
    func others() async throws {
        let port = Int(try LoopbackPort.free())
        let away = RepositoryLocation(
            url: "ssh://git@127.0.0.1:\(port)/a", fallbackURLs: ["/srv/git/a", "https://127.0.0.1/a"],
            knownHosts: "/nonexistent")
        #expect(
            await findings(away) == [
                .unknown(host: "127.0.0.1", reason: "it shows no host key from here")
            ])
    }

    @Test("of what a server writes only lines that are keys are taken")
    func hostile() {
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
        let text = """
            # 127.0.0.1:22 SSH-2.0-OpenSSH_9.2p1
            127.0.0.1 \(key)
            127.0.0.1 \(key)
            127.0.0.1 ssh-ed25519 \u{1b}[31m
            @revoked 127.0.0.1 \(key)x
            127.0.0.1 \(key.replacing("ssh-ed25519", with: "rm-rf"))
            """
        #expect(HostKeyLook.keys(in: text) == [key])
    }
}
