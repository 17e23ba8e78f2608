import Journal
import LoopSupport
import Model
import Reconciling
import Testing

@Suite("M4: a newer commit overtakes what an older one still does", .timeLimit(.minutes(5)))
struct PreemptionTests {
    /// What is under way when it comes.
    enum Moment: String, CaseIterable, CustomTestStringConvertible {
        case pull, retry, healthWait

        var testDescription: String { rawValue }
    }

    /// Tips for which nothing is broken off.
    enum Newer: String, CaseIterable, CustomTestStringConvertible {
        case samePlan, brokenPlan, failedBefore, unsigned

        var testDescription: String { rawValue }

        var files: [String: String] {
            switch self {
            case .samePlan: StackFiles.version("3").merging(["README.md": "hello"]) { $1 }
            case .brokenPlan: StackFiles.version("4").merging(["plan.json": "{"]) { $1 }
            case .failedBefore: StackFiles.version("2")
            case .unsigned: StackFiles.version("4")
            }
        }

        /// How the cycle after it ends.
        var end: String {
            switch self {
            case .samePlan: "nothing to deploy"
            case .brokenPlan, .unsigned: "refused: "
            // What succeeded forgets what had failed.
            case .failedBefore: "rolled back to the previous plan by commit"
            }
        }
    }

    private func cycle(_ loop: LoopFixture, trust: TrustSettings = TrustSettings()) async throws -> String {
        try await loop.cycle(trust: trust) { $0.interval = .milliseconds(1) }
    }

    @Test("in a pull that hangs, in the retry of a failure and in the wait for health", arguments: Moment.allCases)
    func overtakes(_ moment: Moment) async throws {
        let loop = try await LoopFixture.deployed()
        let (engine, repository) = (loop.host.engine, loop.host.repository)
        let image = StackFiles.image("web", "2")
        repository.commit(StackFiles.version("2", patience: 10_000))
        switch moment {
        case .pull: engine.stall(image)
        case .healthWait: engine.spoil(image)
        case .retry:
            engine.withdraw(image)
            try await loop.cycle(ends: "refused by commit")
            loop.clock.advance(by: .seconds(10))
            engine.restore(image)
            engine.stall(image)
        }
        loop.forgetCalls()
        loop.host.calls.during(moment == .healthWait ? "create acme-web" : "pull \(image)") {
            repository.commit(StackFiles.version("3"))
        }
        #expect(try await cycle(loop) == "deployed by commit")
        #expect(loop.running == ["database": "1", "web": "3"])
        let trigger = moment == .retry ? "retry" : "commit"
        #expect(try await loop.deployments(2) == ["deployed by commit", "interrupted by \(trigger)"])
        if moment != .healthWait {
            let calls = loop.host.calls.names
            let pulls = try #require(calls.firstIndex(of: "pull \(image)"))
            let next = try #require(calls.firstIndex(of: "pull \(StackFiles.image("web", "3"))"))
            #expect(!calls[pulls..<next].contains("stop"), "the version of before serves meanwhile")
        }
        try await loop.expect(incidents: [])
    }

    @Test("nothing is broken off for a tip that would not be deployed", arguments: Newer.allCases)
    func goesOn(_ newer: Newer) async throws {
        let loop = try await LoopFixture.deployed()
        let (engine, repository, gitCalls) = (loop.host.engine, loop.host.repository, loop.host.gitCalls)
        let trust = TrustSettings(commits: .init(mode: newer == .unsigned ? .ssh : .off))
        if newer == .failedBefore {
            engine.spoil(StackFiles.image("web", "2"))
            repository.commit(newer.files)
            try await loop.cycle(ends: newer.end)
        }
        let image = StackFiles.image("web", "3")
        engine.stall(image)
        let wanted = repository.commit(StackFiles.version("3"))
        loop.host.signers.sign(wanted, at: loop.clock.now())
        loop.host.calls.during("pull \(image)") {
            repository.commit(newer.files)
            // With the second look at it the first one has ended.
            gitCalls.during("fetch", skipping: 1) { engine.restore(image) }
        }
        #expect(try await cycle(loop, trust: trust) == "deployed by commit")
        #expect(try await loop.journal.deployedState()?.commit == wanted)
        #expect(try await loop.deployments(1) == ["deployed by commit"])
        let next = try await loop.cycle(trust: trust)
        #expect(next.hasPrefix(newer.end), "\(next)")
        #expect(loop.running == ["database": "1", "web": "3"])
    }

    @Test("the pause after a failure of the older one is not waited for")
    func backoff() async throws {
        let loop = try await LoopFixture.deployed()
        loop.host.engine.withdraw(StackFiles.image("web", "2"))
        loop.host.repository.commit(StackFiles.version("2"))
        try await loop.cycle(ends: "refused by commit")
        loop.host.repository.commit(StackFiles.version("3"))
        try await loop.cycle(ends: "deployed by commit")
        #expect(try await loop.journal.failures() == [])
    }

    @Test("a repair that waits for health ends for it, and the container is deployed as the newer commit has it")
    func repair() async throws {
        let loop = try await LoopFixture.deployed(StackFiles.version("1", patience: 10_000))
        let repository = loop.host.repository
        loop.host.engine.spoil(StackFiles.image("web"))
        loop.host.engine.lose("acme-web")
        loop.host.calls.during("create acme-web") { repository.commit(StackFiles.version("2")) }
        #expect(try await cycle(loop) == "deployed by commit")
        #expect(loop.running == ["database": "1", "web": "2"])
        #expect(try await loop.deployments(2) == ["deployed by commit", "interrupted by drift"])
    }

    @Test("a roll back is carried through first")
    func rollBack() async throws {
        let loop = try await LoopFixture.deployed()
        let repository = loop.host.repository
        loop.host.engine.spoil(StackFiles.image("web", "2"))
        repository.commit(StackFiles.version("2"))
        loop.host.calls.during("create acme-web", skipping: 1) { repository.commit(StackFiles.version("3")) }
        #expect(try await cycle(loop) == "rolled back to the previous plan by commit")
        #expect(loop.running == ["database": "1", "web": "1"])
        try await loop.cycle(ends: "deployed by commit")
        #expect(loop.running == ["database": "1", "web": "3"])
    }
}
