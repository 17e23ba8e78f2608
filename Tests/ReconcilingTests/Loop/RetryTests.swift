import Journal
import LoopSupport
import Model
import Reconciling
import Testing

@Suite("R8: what failed is tried again, or not, as what failed demands")
struct RetryTests {
    @Test("a registry that is away is asked again after longer and longer pauses, for as long as it takes")
    func registryAway() async throws {
        let loop = try await LoopFixture.deployed()
        let before = loop.host.engine.ids
        let image = StackFiles.image("web", "2")
        loop.host.engine.withdraw(image)
        loop.host.repository.commit(StackFiles.version("2"))
        try await loop.cycle(ends: "refused by commit")
        for (attempt, pause) in [(1, 10), (2, 20), (3, 40), (4, 40), (5, 40)] {
            try await loop.cycle(ends: "unchanged")
            loop.clock.advance(by: .seconds(pause - 1))
            try await loop.cycle(ends: "unchanged", what: "attempt \(attempt) is \(pause) s old in a second")
            loop.clock.advance(by: .seconds(1))
            try await loop.cycle(ends: "refused by retry", what: "attempt \(attempt + 1)")
        }
        #expect(loop.host.engine.ids == before)
        try await loop.expect(incidents: ["deployment stack"])
        loop.host.engine.restore(image)
        loop.clock.advance(by: .seconds(40))
        try await loop.cycle(ends: "deployed by retry")
        try await loop.expect(incidents: [])
        #expect(try await loop.journal.failures() == [])
    }

    @Test("a version that does not become healthy is tried once; the one of before serves again, until a commit comes")
    func unhealthy() async throws {
        let loop = try await LoopFixture.deployed()
        loop.host.engine.spoil(StackFiles.image("web", "2"))
        let bad = loop.host.repository.commit(StackFiles.version("2"))
        try await loop.cycle(ends: "rolled back to the previous plan by commit")
        #expect(loop.running == ["database": "1", "web": "1"])
        #expect(try await loop.journal.deployedState()?.commit == loop.first)
        loop.clock.advance(by: .seconds(100_000))
        try await loop.cycle(ends: "unchanged")
        try await loop.cycle(ends: "remembered: permanent after 1", .full)
        #expect(try await loop.journal.commits(limit: 1).first?.commit.id == bad)
        #expect(try await loop.journal.commits(limit: 1).first?.verdict == .rolledBack)
        loop.host.repository.commit(StackFiles.version("3"))
        try await loop.cycle(ends: "deployed by commit")
        try await loop.expect(incidents: [])
    }

    @Test("what an operator lifts is deployed as a retry of an operator, and the next commit as a commit again")
    func lifted() async throws {
        let loop = try await LoopFixture.deployed()
        loop.host.engine.spoil(StackFiles.image("web", "2"))
        loop.host.repository.commit(StackFiles.version("2"))
        try await loop.cycle(ends: "rolled back to the previous plan by commit")
        loop.host.engine.heal(StackFiles.image("web", "2"))
        try await loop.journal.liftFailures()
        try await loop.cycle(ends: "deployed by retry")
        let text = try await loop.journal.deployments(limit: 1).first?.changes.last?.text
        #expect(text == "tried again by an operator with 'fairlead retry'")
        loop.host.repository.commit(StackFiles.version("3"))
        try await loop.cycle(ends: "deployed by commit")
    }

    @Test("without a way back the host is left containerless, says so, and a revert brings the stack back")
    func containerless() async throws {
        let loop = try await LoopFixture.deployed(StackFiles.version("1", onFailure: "containerless"))
        loop.host.engine.spoil(StackFiles.image("web", "2"))
        loop.host.repository.commit(StackFiles.version("2", onFailure: "containerless"))
        #expect(try await loop.cycle().hasPrefix("rolled back to containerless by "))
        #expect(loop.running == [:])
        #expect(try await loop.journal.deployedState() == nil)
        try await loop.expect(incidents: ["deployment stack"])
        loop.host.repository.revert(to: loop.first)
        try await loop.cycle(ends: "deployed by commit")
        #expect(loop.running == ["database": "1", "web": "1"])
    }

    @Test("a clock that was ahead puts no next try far away")
    func clockAhead() async throws {
        let loop = try await LoopFixture.deployed()
        loop.host.engine.withdraw(StackFiles.image("web", "2"))
        loop.host.repository.commit(StackFiles.version("2"))
        loop.clock.advance(by: .seconds(366 * 86_400))
        try await loop.cycle(ends: "refused by commit")
        loop.clock.advance(by: .seconds(-366 * 86_400))
        loop.host.engine.restore(StackFiles.image("web", "2"))
        try await loop.cycle(ends: "deployed by retry")
    }

    @Test("a git server that is away changes nothing; it is an incident after the time that was set, and ends with it")
    func serverAway() async throws {
        let loop = try await LoopFixture.deployed()
        let before = loop.host.engine.ids
        loop.host.repository.setAway(true)
        try await loop.cycle(ends: "threw: the git server does not answer")
        let poll = try await loop.journal.lastPoll()
        #expect(poll?.error?.contains("the git server does not answer") == true)
        try await loop.expect(incidents: [])
        loop.clock.advance(by: .seconds(86_400))
        try await loop.cycle(ends: "threw: the git server does not answer")
        try await loop.cycle(ends: "threw: the git server does not answer")
        #expect(try await loop.incidents.count == 1)
        #expect(loop.host.surroundings.told.count == 1)
        #expect(loop.host.engine.ids == before)
        loop.host.repository.setAway(false)
        for _ in 1...2 { try await loop.cycle(ends: "unchanged") }
        try await loop.expect(incidents: [])
        #expect(loop.host.surroundings.told.count == 2)
    }

    @Test("G1: a commit that cannot be fetched is told of as the state of the repo, until it can be")
    func unfetchable() async throws {
        let loop = try await LoopFixture.deployed()
        loop.host.repository.commit(StackFiles.version("2"))
        loop.host.gitCalls.fail("fetch", with: ScriptedFailure("the server sent too much"))
        try await loop.cycle(ends: "threw: the server sent too much")
        #expect(try await loop.journal.lastPoll()?.error?.contains("the server sent too much") == true)
        try await loop.cycle(ends: "deployed by commit")
        #expect(try await loop.journal.lastPoll()?.error == nil)
    }
}
