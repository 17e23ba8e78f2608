import GitSource
import Model
import TestSupport
import Testing

@Suite("slow servers", .enabled(if: GitServerTools.hasHTTPS, "needs nginx, fcgiwrap, openssl and git"))
struct SlowServerTests {
    let root: Scratch
    let id: CommitID

    /// A repository whose pack has about 2 MB in 150 objects.
    init() throws {
        let repository = try GitFixture()
        root = try Scratch()
        var generator = SystemRandomNumberGenerator()
        for number in 0..<150 {
            let noise = (0..<1600).map { _ in String(generator.next(), radix: 36) }.joined()
            try repository.write("files/\(number)", noise)
        }
        try repository.write("plan.json", "{}")
        id = try #require(CommitID(try repository.commit("large")))
        try repository.git("clone", "--quiet", "--bare", repository.path, "\(root.path)/acme.git")
    }

    private func bench(
        _ server: GitHTTPSServer, through relay: SlowRelay, _ configure: (inout RepositoryLocation) -> Void
    ) throws -> GitBench {
        try GitBench("https://localhost:\(relay.port)/git/acme.git") {
            $0.caFile = server.authority
            $0.tokenFile = server.tokenFile
            $0.username = GitHTTPSServer.username
            configure(&$0)
        }
    }

    @Test("a first clone that takes longer than the timeout succeeds while it gets on, and is told of")
    func slowButAlive() async throws {
        let server = try await GitHTTPSServer(root: root.path)
        let relay = try SlowRelay(to: server.port, bytesPerSecond: 120_000)
        let bench = try bench(server, through: relay) { $0.timeout = .seconds(10) }
        let tip = RemoteTip(commit: id, servedBy: "")
        let start = ContinuousClock.now
        try await bench.source.fetch(tip)
        #expect(ContinuousClock.now - start > .seconds(10), "the relay did not slow it down")
        #expect(try await bench.source.tree(at: id).content(of: "plan.json") == Array("{}".utf8))
        #expect(bench.messages.contains("notice: fetching the repository"))
    }

    @Test("a clone from which nothing more comes is ended at the timeout, says how far it was, and leaves nothing")
    func stalled() async throws {
        let server = try await GitHTTPSServer(root: root.path)
        let relay = try SlowRelay(to: server.port, bytesPerSecond: 10_000_000, limit: 600_000)
        let bench = try bench(server, through: relay) { $0.timeout = .seconds(10) }
        let failure = await gitFailure { try await bench.source.fetch(RemoteTip(commit: id, servedBy: "")) }
        #expect(failure?.kind == .network)
        #expect(failure?.message.contains("did not get on for 10 s (receiving, ") == true, "\(failure as Any)")
        #expect(failure?.hint.contains("'repository.timeout'") == true)
        #expect(try Paths.names(in: bench.git).filter { !$0.hasSuffix(".lock") && !$0.hasSuffix(".next") } == [])
    }

    @Test("a server that trickles for ever is ended at the longest duration")
    func trickle() async throws {
        let server = try await GitHTTPSServer(root: root.path)
        let relay = try SlowRelay(to: server.port, bytesPerSecond: 50_000)
        let bench = try bench(server, through: relay) { $0.maxDuration = .seconds(5) }
        let failure = await gitFailure { try await bench.source.fetch(RemoteTip(commit: id, servedBy: "")) }
        #expect(failure?.kind == .network)
        #expect(failure?.message.contains("was not complete within 5s (") == true, "\(failure as Any)")
        #expect(failure?.hint.contains("'repository.maxDuration'") == true)
    }

    @Test("who looks sees how far the fetch of another process is, and nothing when none goes on")
    func visible() async throws {
        let server = try await GitHTTPSServer(root: root.path)
        let relay = try SlowRelay(to: server.port, bytesPerSecond: 10_000_000, limit: 600_000)
        let bench = try bench(server, through: relay) { $0.timeout = .seconds(120) }
        #expect(FetchInProgress.ongoing(stateDirectory: bench.state) == nil)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await bench.source.fetch(RemoteTip(commit: id, servedBy: "")) }
            var seen: FetchInProgress?
            let end = ContinuousClock.now + .seconds(60)
            while seen?.progress.phase != .receiving || seen?.progress.bytes == 0, ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(20))
                seen = FetchInProgress.ongoing(stateDirectory: bench.state)
            }
            #expect(seen?.progress.phase == .receiving)
            group.cancelAll()
        }
        #expect(FetchInProgress.ongoing(stateDirectory: bench.state) == nil)
    }

    @Test("a fetch that waits for another one outlasts the timeout, and then has what that one brought")
    func waiting() async throws {
        let server = try await GitHTTPSServer(root: root.path)
        let relay = try SlowRelay(to: server.port, bytesPerSecond: 120_000)
        let slow = try bench(server, through: relay) { $0.timeout = .seconds(60) }
        let second = try GitBench("\(root.path)/acme.git", scratch: slow.scratch) { $0.timeout = .seconds(8) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await slow.source.fetch(RemoteTip(commit: id, servedBy: "")) }
            let end = ContinuousClock.now + .seconds(60)
            while FetchInProgress.ongoing(stateDirectory: slow.state) == nil, ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(20))
            }
            try await second.source.fetch(RemoteTip(commit: id, servedBy: ""))
            #expect(try await second.source.commit(id).subject == "large")
            try await group.waitForAll()
        }
    }
}
