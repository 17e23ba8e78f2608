import Journal
import LoopSupport
import Model
import Planning
import Reconciling
import Testing

@Suite("R9: what runs is kept as it was deployed, with no git server")
struct RepairTests {
    @Test("a container that was removed by hand is made anew, alone and at its own address")
    func removedByHand() async throws {
        let loop = try await LoopFixture.deployed()
        loop.host.repository.setAway(true)
        let before = loop.host.engine.ids
        loop.host.engine.lose("acme-web")
        #expect(try await loop.cycle().hasPrefix("threw: "))
        #expect(loop.running == ["database": "1", "web": "1"])
        #expect(loop.host.engine.ids["acme-database"] == before["acme-database"])
        #expect(try await loop.journal.deployments(limit: 1).first?.trigger == .drift)
        #expect(try await loop.journal.openDrift() == [])
    }

    @Test("labels of an image are read once: a wrong one is refused, and a repair goes by what was saved")
    func imageLabels() async throws {
        let loop = try LoopFixture()
        let image = StackFiles.image("database")
        loop.host.engine.label(image, ["io.fairlead.liveness": #"{"tcp": 5432}"#])
        try await loop.cycle(ends: "deployed by commit")
        let before = loop.host.engine.ids
        loop.host.engine.label(StackFiles.image("database", "2"), ["io.fairlead.liveness": "{}"])
        _ = loop.host.repository.commit(StackFiles.version("1", database: "2"))
        try await loop.cycle(ends: "refused by commit")
        let error = try await loop.journal.deployments(limit: 1).first?.error
        #expect(error?.contains("image of 'database': label io.fairlead.liveness: ") == true, "\(error ?? "")")
        #expect(loop.host.engine.ids == before)

        // Somebody moves the tag that is deployed.
        loop.host.engine.label(image, ["io.fairlead.liveness": "{}"])
        loop.host.engine.lose("acme-database")
        _ = try await loop.cycle()
        #expect(loop.running == ["database": "1", "web": "1"])
        let state = try #require(try await loop.journal.deployedState())
        #expect(state.startedPlan.containers["database"]?.liveness?.check == .tcp(port: 5432))
        #expect(state.desired.plan.containers["database"]?.liveness == nil)
    }

    @Test("a second container with the labels of a planned one is removed alone, and what serves runs on")
    func secondContainer() async throws {
        let loop = try await LoopFixture.deployed()
        let before = loop.host.engine.ids
        loop.host.engine.imitate("acme-web", as: "acme-clone")
        try await loop.cycle(ends: "unchanged")
        #expect(loop.host.engine.ids == before)
        #expect(loop.running == ["database": "1", "web": "1"])
        let repair = try await loop.journal.deployments(limit: 1).first
        #expect(repair?.trigger == .drift && repair?.outcome == .deployed && repair?.downtimeMilliseconds == nil)
    }

    @Test(
        "a stack that is down is started from the saved plan and images, though git server and registry are away",
        arguments: [("2", DeploymentTrigger.boot), ("1", .restart)])
    func down(_ boot: String, _ trigger: DeploymentTrigger) async throws {
        let loop = try await LoopFixture.deployed()
        loop.host.engine.halt()
        loop.host.repository.setAway(true)
        loop.host.engine.withdraw(StackFiles.image("web"))
        loop.host.engine.withdraw(StackFiles.image("database"))
        #expect(try await loop.cycle(.full, boot: boot).hasPrefix("threw: the git server"))
        #expect(loop.running == ["database": "1", "web": "1"])
        #expect(try await loop.journal.deployments(limit: 1).first?.trigger == trigger)
        #expect(try await loop.journal.lastBootID() == boot)
    }

    @Test("what runs after a failed repair and does not serve stays an incident, until it serves")
    func repairFails() async throws {
        let loop = try await LoopFixture.deployed()
        loop.host.engine.spoil(StackFiles.image("web"))
        loop.host.engine.lose("acme-web")
        try await loop.cycle(ends: "unchanged")
        #expect(loop.running == ["database": "1", "web": "1"])
        try await loop.expect(incidents: ["drift web"])
        let tries = try await loop.journal.deployments(limit: 10).count
        let told = loop.host.surroundings.told.count
        try await loop.cycle(ends: "unchanged")
        try await loop.expect(incidents: ["drift web"])
        #expect(try await loop.journal.deployments(limit: 10).count == tries)
        #expect(loop.host.surroundings.told.count == told)
        #expect(try await loop.journal.lastGates()["web"]?.phase == .failed)
        loop.clock.advance(by: .seconds(60))
        loop.host.engine.heal(StackFiles.image("web"))
        try await loop.cycle(ends: "unchanged")
        try await loop.expect(incidents: [])
        let healthy = ContainerRecord(container: "web", phase: .healthy, time: loop.clock.now())
        #expect(try await loop.journal.lastGates()["web"] == healthy)
    }

    @Test("what a failed start after a boot left counts as healthy since it serves, and not since before")
    func bootFails() async throws {
        let loop = try await LoopFixture.deployed()
        loop.host.engine.spoil(StackFiles.image("web"))
        loop.host.engine.halt()
        loop.clock.advance(by: .seconds(60))
        _ = try await loop.cycle(.full, boot: "2")
        #expect(try await loop.journal.lastGates()["web"]?.phase == .failed)
        loop.clock.advance(by: .seconds(60))
        loop.host.engine.heal(StackFiles.image("web"))
        _ = try await loop.cycle(boot: "2")
        try await loop.expect(incidents: [])
        let healthy = ContainerRecord(container: "web", phase: .healthy, time: loop.clock.now())
        #expect(try await loop.journal.lastGates()["web"] == healthy)
    }

    @Test("what was told of a container says since when it was down, and when it was last seen so")
    func effect() async throws {
        let loop = try await LoopFixture.deployed()
        let up = loop.clock.now()
        loop.host.engine.lose("acme-web")
        loop.clock.advance(by: .seconds(60))
        try await loop.cycle(ends: "unchanged")
        let found = loop.clock.now()
        let begin = OutageBegin(earliest: up, latest: found)
        let record = try await loop.journal.drift(limit: 1).first
        #expect(record?.finding.effect == DriftEffect(isDown: true, begin: begin, lastSeen: found))
    }

    @Test("what was down before maintenance began was down for all of that time too")
    func downBeforeMaintenance() async throws {
        let loop = try await LoopFixture.deployed(StackFiles.version("1", drift: "report"))
        let up = loop.clock.now()
        loop.host.engine.lose("acme-web")
        loop.clock.advance(by: .seconds(10))
        try await loop.cycle(ends: "unchanged")
        let found = loop.clock.now()
        loop.clock.advance(by: .seconds(20))
        try await loop.journal.suspend(Suspension(reason: "audit", since: loop.clock.now(), kind: .maintenance))
        loop.clock.advance(by: .seconds(30))
        _ = try await loop.host.reconciler().startAfterMaintenance()
        let start = try await loop.journal.deployments(limit: 1).first
        #expect(start?.trigger == .maintenance && start?.wentDown == OutageBegin(earliest: up, latest: found))
        #expect((start?.downtimeMilliseconds ?? 0) >= 50_000)
    }

    @Test("a deployment that touched nothing when it was cut off is none that failed, where maintenance ends")
    func untouchedAtEndOfMaintenance() async throws {
        let loop = try LoopFixture()
        try await loop.journal.suspend(Suspension(reason: "audit", since: loop.clock.now(), kind: .maintenance))
        _ = try await loop.journal.begin(NewDeployment(commit: loop.first, desired: nil, trigger: .commit, changes: []))
        let started = try await loop.host.reconciler().startAfterMaintenance()
        #expect(started == nil)
        #expect(try await loop.journal.unfinishedDeployment() == nil)
    }

    @Test("an engine that is silent keeps no commit from being seen, and nothing is said to be whole")
    func silentEngine() async throws {
        let loop = try await LoopFixture.deployed()
        let answer = try await loop.host.calls.forbidding { () async throws -> String in
            do { return try await loop.cycle() } catch { return "threw: \(error)" }
        }
        #expect(answer.hasPrefix("threw: "), "\(answer)")
        #expect(loop.host.gitCalls.names == ["remoteTip"])
    }
}
