import Deploying
import Journal
import LoopSupport
import Model
import Reconciling
import Testing

@Suite("R5: one cycle of the loop, on a host in memory")
struct CycleTests {
    @Test("the first commit is deployed; while the branch stands still, nothing is fetched and nothing is changed")
    func firstCommit() async throws {
        let loop = try LoopFixture()
        try await loop.cycle(ends: "deployed by commit", .full)
        #expect(loop.running == ["database": "1", "web": "1"])
        #expect(try await loop.journal.deployedState()?.commit == loop.first)
        loop.forgetCalls()
        try await loop.cycle(ends: "unchanged")
        #expect(loop.host.gitCalls.names == ["remoteTip"])
        #expect(Set(loop.host.calls.names) == ["containers", "networks", "learn"])
    }

    @Test("a commit that changes one container replaces that one, and a revert brings its version back")
    func hotfixAndRevert() async throws {
        let loop = try await LoopFixture.deployed()
        let before = loop.host.engine.ids
        loop.host.repository.commit(StackFiles.version("1", hotfix: "2"))
        try await loop.cycle(ends: "deployed by hotfix")
        #expect(loop.running == ["database": "1", "web": "2"])
        #expect(loop.host.engine.ids["acme-database"] == before["acme-database"])
        loop.host.repository.revert(to: loop.first)
        try await loop.cycle(ends: "deployed by hotfix")
        #expect(loop.running == ["database": "1", "web": "1"])
        #expect(loop.host.engine.ids["acme-database"] == before["acme-database"])
    }

    @Test("a commit that changes nothing of the plan is seen, and nothing is deployed")
    func unrelatedCommit() async throws {
        let loop = try await LoopFixture.deployed()
        let before = loop.host.engine.ids
        let commit = loop.host.repository.commit(
            StackFiles.version("1").merging(["README.md": "hello"]) { $1 })
        try await loop.cycle(ends: "nothing to deploy")
        #expect(loop.host.engine.ids == before)
        #expect(try await loop.journal.lastSeen()?.commit.id == commit)
    }

    @Test(
        "a plan that is wrong is refused before anything is touched, and told once",
        arguments: [
            ["plan.json": "{", "hosts/vsn1.json": "{}"],
            ["plan.json": #"{"schemaVersion": 1, "stack": "acme", "version": "2"}"#, "hosts/vsn1.json": "{}"],
            ["plan.json": StackFiles.version("2")["plan.json"] ?? ""],
            StackFiles.version("2").merging(["hosts/vsn1.json": #"{"containers": {"web": {"imagr": "x"}}}"#]) { $1 },
        ])
    func brokenPlan(_ files: [String: String]) async throws {
        let loop = try await LoopFixture.deployed()
        let before = loop.host.engine.ids
        loop.host.repository.commit(files)
        let answer = try await loop.cycle()
        #expect(answer.hasPrefix("refused: "), "\(answer)")
        #expect(loop.host.engine.ids == before)
        #expect(!loop.host.calls.names.contains { $0.hasPrefix("pull") || $0 == "stop" })
        let told = loop.host.surroundings.told.count
        #expect(told == 1)
        #expect(try await loop.cycle(.full).hasPrefix("refused: "))
        #expect(loop.host.surroundings.told.count == told)
        loop.host.repository.revert(to: loop.first)
        try await loop.cycle(ends: "nothing to deploy")
        try await loop.expect(incidents: [])
    }

    @Test("a host that is held back asks nobody for anything")
    func suspended() async throws {
        let loop = try await LoopFixture.deployed()
        loop.host.repository.commit(StackFiles.version("2"))
        try await loop.journal.suspend(Suspension(reason: "a migration", since: loop.clock.now()))
        let answer = try await loop.host.calls.forbidding {
            try await loop.host.gitCalls.forbidding { try await loop.cycle(.full) }
        }
        #expect(answer == "suspended: a migration")
        try await loop.journal.lift(.suspended)
        try await loop.cycle(ends: "deployed by commit")
    }

    @Test("a branch that was rewritten is followed, or refused where the host demands it")
    func rewritten() async throws {
        let loop = try await LoopFixture.deployed()
        loop.host.repository.commit(StackFiles.version("2"))
        try await loop.cycle(ends: "deployed by commit")
        loop.host.repository.drop(1)
        loop.host.repository.commit(StackFiles.version("3"))
        let refused = try await loop.cycle { $0.requireFastForward = true }
        #expect(refused.hasPrefix("threw: "), "\(refused)")
        #expect(loop.running["web"] == "2")
        loop.clock.advance(by: .seconds(86_400))
        #expect(try await loop.cycle { $0.requireFastForward = true } == refused)
        try await loop.expect(incidents: ["repository repository"])
        try await loop.cycle(ends: "deployed by commit")
        #expect(loop.running["web"] == "3")
        try await loop.expect(incidents: [])
    }

    @Test("a mirror that lags behind does not set the stack back while the server is away")
    func mirror() async throws {
        let loop = try await LoopFixture.deployed()
        let newest = loop.host.repository.commit(StackFiles.version("2"))
        try await loop.cycle(ends: "deployed by commit")
        loop.host.repository.mirror(loop.first)
        try await loop.cycle(ends: "unchanged")
        try await loop.cycle(ends: "nothing to deploy", .full)
        #expect(loop.running["web"] == "2")
        #expect(try await loop.journal.lastSeen()?.commit.id == newest)
    }

    @Test("whoever waited for the host's lock while an operator suspended the host leaves it alone")
    func suspendedMeanwhile() async throws {
        let loop = try await LoopFixture.deployed()
        let before = loop.host.engine.ids
        loop.host.repository.commit(StackFiles.version("2"))
        loop.host.surroundings.beforeLock { [journal = loop.journal, clock = loop.clock] in
            try await journal.suspend(Suspension(reason: "an audit", since: clock.now()))
        }
        try await loop.cycle(ends: "suspended: an audit")
        #expect(loop.host.engine.ids == before)
        try await loop.journal.lift(.suspended)
        try await loop.cycle(ends: "deployed by commit")
    }

    @Test("S13: a stack that was torn down between two polls is deployed again, though the branch stands still")
    func tornDownBetweenPolls() async throws {
        let loop = try await LoopFixture.deployed()
        let state = try #require(try await loop.journal.deployedState())
        let tornDown = try await loop.host.deployer().tearDown(
            DeploymentRequest(
                desired: state.desired, commit: state.commit, secrets: Secrets(), trigger: .teardown,
                previous: PreviousStack(state: state, secrets: nil)))
        #expect(tornDown.outcome == .tornDown)
        try await loop.cycle(ends: "deployed by commit")
        #expect(loop.running == ["database": "1", "web": "1"])
    }
}
