import Deploying
import Journal
import LoopJournal
import LoopSupport
import Model
import TestSupport
import Testing

/// A host in memory that runs deployments which a test asks for, with no loop around them.
private struct DeployerFixture {
    private let scratch: Scratch
    let journal: Journal
    let host: LoopHost

    init() throws {
        scratch = try Scratch()
        let clock = TestClock()
        journal = try Journal.open(at: scratch.path + "/journal.db", now: clock.now)
        host = LoopHost(journal: journal, in: scratch.path, clock: clock) { _ in }
    }

    /// One that runs version 1.
    static func deployed() async throws -> Self {
        let fixture = try Self()
        #expect(try await fixture.deploy(StackFiles.version("1")).outcome == .deployed)
        fixture.host.calls.forget()
        return fixture
    }

    func deploy(
        _ files: [String: String], _ trigger: DeploymentTrigger = .commit, replacing: Set<String>? = nil,
        preemption: Preemption = Preemption()
    ) async throws -> DeploymentResult {
        let request = try await request(files, trigger, replacing: replacing)
        return try await host.deployer().deploy(request, preemption: preemption)
    }

    func tearDown() async throws -> DeploymentResult {
        try await host.deployer().tearDown(try await request(StackFiles.version("1"), .teardown))
    }

    private func request(
        _ files: [String: String], _ trigger: DeploymentTrigger, replacing: Set<String>? = nil
    ) async throws -> DeploymentRequest {
        let deployed = try await journal.deployedState()
        return DeploymentRequest(
            desired: DesiredState(plan: try StackFiles.plan(files)), commit: host.repository.commit(files),
            secrets: Secrets(), trigger: trigger,
            previous: deployed.map { PreviousStack(state: $0, secrets: Secrets()) }, replacing: replacing)
    }

    func touched() -> Bool { host.calls.names.contains { $0 == "stop" || $0.hasPrefix("create ") } }
}

@Suite("R6: one deployment, with no loop around it")
struct DeployerTests {
    /// What fails in a roll back.
    enum SecondFailure: String, CaseIterable, CustomTestStringConvertible {
        case removal, creation, health

        var testDescription: String { rawValue }
    }

    @Test("a first deployment that fails leaves no container")
    func first() async throws {
        let fixture = try DeployerFixture()
        fixture.host.calls.fail("create acme-web")
        #expect(try await fixture.deploy(StackFiles.version("1")).outcome == .containerless)
        #expect(fixture.host.engine.ids == [:])
        #expect(try await fixture.journal.deployedState() == nil)
    }

    @Test(
        "a roll back that fails in its turn ends containerless, or says what is left", arguments: SecondFailure.allCases
    )
    func rollBackFails(_ second: SecondFailure) async throws {
        let fixture = try await DeployerFixture.deployed()
        fixture.host.engine.spoil(StackFiles.image("web", "2"))
        switch second {
        // After the two containers of version 1, which the deployment itself removed.
        case .removal: fixture.host.calls.fail("removeContainer", skipping: 2)
        case .creation: fixture.host.calls.fail("create acme-web", skipping: 1)
        case .health: fixture.host.engine.spoil(StackFiles.image("web"))
        }
        let result = try await fixture.deploy(StackFiles.version("2"))
        #expect(result.outcome == (second == .removal ? .broken : .containerless))
        #expect(result.error?.message.contains("did not become healthy") == true)
        #expect(second == .removal || fixture.host.engine.ids == [:])
        #expect(try await fixture.journal.deployedState() == nil)
    }

    @Test(
        "what is deployed and fails when it is only started again stays deployed, and what runs of it runs on",
        arguments: [DeploymentTrigger.boot, .drift])
    func startedAgain(_ trigger: DeploymentTrigger) async throws {
        let fixture = try await DeployerFixture.deployed()
        let before = try await fixture.journal.deployedState()?.desired
        let database = fixture.host.engine.ids["acme-database"]
        fixture.host.engine.spoil(StackFiles.image("web"))
        if trigger == .boot { fixture.host.engine.halt() } else { fixture.host.engine.lose("acme-web") }
        let result = try await fixture.deploy(
            StackFiles.version("1"), trigger, replacing: trigger == .drift ? ["web"] : nil)
        #expect(result.outcome == .broken)
        #expect(Set(fixture.host.engine.running.keys) == ["acme-database", "acme-web"])
        #expect(try await fixture.journal.deployedState()?.desired == before)
        #expect((fixture.host.engine.ids["acme-database"] == database) == (trigger == .drift))
    }

    @Test("one that is overtaken before it stopped anything touches no container")
    func overtaken() async throws {
        let fixture = try await DeployerFixture.deployed()
        let (before, preemption) = (fixture.host.engine.ids, Preemption())
        preemption.request()
        let result = try await fixture.deploy(StackFiles.version("2"), preemption: preemption)
        #expect(result.outcome == .interrupted)
        #expect(!fixture.touched() && fixture.host.engine.ids == before)
        #expect(try await fixture.journal.deployedState() != nil)
    }

    @Test("one that replaces no container stops none, has no downtime, and counts as deployed")
    func hostSideOnly() async throws {
        let fixture = try await DeployerFixture.deployed()
        let before = fixture.host.engine.ids
        let result = try await fixture.deploy(StackFiles.version("1"), replacing: [])
        #expect(result.outcome == .deployed && result.downtimeMilliseconds == nil)
        #expect(!fixture.touched() && fixture.host.engine.ids == before)
        #expect(try await fixture.journal.deployedState()?.deployment == result.deployment)
    }

    @Test(
        "a teardown that fails says so, and the next one leaves nothing",
        arguments: ["stop", "removeContainer", "removeNetwork", "removeJobs"])
    func tearDown(_ call: String) async throws {
        let fixture = try await DeployerFixture.deployed()
        fixture.host.calls.fail(call, with: ScriptedFailure("'\(call)' fails"))
        let failed = try await fixture.tearDown()
        #expect(failed.outcome == .broken)
        #expect(failed.error?.message.contains("'\(call)' fails") == true)
        #expect(try await fixture.tearDown().outcome == .tornDown)
        #expect(fixture.host.engine.ids == [:])
        #expect(try fixture.host.engine.allNetworks() == [])
        #expect(try await fixture.journal.deployedState() == nil)
    }
}
