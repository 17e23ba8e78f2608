import Foundation
import Journal
import Model
import Planning
import Testing

@Suite("Recording a deployment")
struct JournalDeploymentTests {
    @Test("the record tells commit, version, changes, steps, containers, images, times and outcome (G4)")
    func whole() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        let id = try await journal.begin(Sample.new(7))
        let began = fixture.clock.now
        try await journal.stepStarted(.validate, of: id)
        try await journal.record(.imageReady, container: "web", image: Sample.image("1"), of: id)
        fixture.clock.advance(milliseconds: 40)
        try await journal.stepEnded(.validate, of: id, error: nil)
        try await journal.record(.healthy, container: "web", image: nil, of: id)
        let state = try Sample.deployed(id, commit: 7)
        try await journal.end(
            id, DeploymentEnd(outcome: .deployed, downtimeMilliseconds: 1234, deployed: state))
        let record = try #require(try await journal.deployment(id: id))
        let ended = fixture.clock.now
        #expect(
            record
                == DeploymentRecord(
                    id: id, commit: try Sample.commitID(7), version: "1.0.0", planDigest: try Sample.desired().digest,
                    trigger: .commit, started: began, ended: ended, outcome: .deployed, downtimeMilliseconds: 1234,
                    changes: try Sample.new().changes,
                    steps: [StepRecord(step: .validate, started: began, ended: ended)],
                    containers: [
                        ContainerRecord(container: "web", phase: .imageReady, time: began),
                        ContainerRecord(container: "web", phase: .healthy, time: ended),
                    ], images: ["web": Sample.image("1")]))
        #expect(try await journal.deployedState() == state)
        #expect(try await journal.unfinishedDeployment() == nil)
    }

    @Test("a teardown without a commit and a plan is recorded")
    func teardown() async throws {
        let journal = try JournalFixture().open()
        let id = try await journal.begin(NewDeployment(commit: nil, desired: nil, trigger: .teardown, changes: []))
        try await journal.end(id, DeploymentEnd(outcome: .tornDown))
        let record = try #require(try await journal.deployment(id: id))
        #expect(record.commit == nil && record.version.isEmpty && record.outcome == .tornDown)
    }

    @Test(
        "what counts as deployed afterwards",
        arguments: [
            (DeploymentOutcome.refused, true, true), (.interrupted, true, true), (.containerless, false, false),
            (.tornDown, false, false), (.broken, false, false),
        ])
    func deployedAfterwards(outcome: DeploymentOutcome, keeps: Bool, remains: Bool) async throws {
        let journal = try JournalFixture().open()
        let good = try await journal.begin(Sample.new())
        try await journal.end(good, DeploymentEnd(outcome: .deployed, deployed: Sample.deployed(good)))
        let failed = try await journal.begin(Sample.new(2))
        try await journal.end(failed, DeploymentEnd(outcome: outcome, error: "no", keepsDeployed: keeps))
        #expect(try await journal.deployedState()?.deployment == (remains ? good : nil))
        #expect(try await journal.deployment(id: failed)?.outcome == outcome)
    }

    @Test("a step that was cut off and is run again has two records, the first without an end")
    func rerun() async throws {
        let journal = try JournalFixture().open()
        let id = try await journal.begin(Sample.new())
        try await journal.stepStarted(.create, of: id)
        try await journal.stepStarted(.create, of: id)
        try await journal.stepEnded(.create, of: id, error: "port 443 is busy")
        let steps = try #require(try await journal.deployment(id: id)).steps
        #expect(steps.map { $0.ended == nil } == [true, false])
        #expect(steps.map(\.error) == [nil, "port 443 is busy"])
    }

    @Test("the newest deployment without an outcome is the unfinished one")
    func unfinished() async throws {
        let journal = try JournalFixture().open()
        #expect(try await journal.unfinishedDeployment() == nil)
        let first = try await journal.begin(Sample.new(1))
        let second = try await journal.begin(Sample.new(2))
        #expect(try await journal.unfinishedDeployment()?.id == second)
        try await journal.end(second, DeploymentEnd(outcome: .interrupted, keepsDeployed: true))
        #expect(try await journal.unfinishedDeployment()?.id == first)
    }

    @Test("what a deployment did itself comes after what differed")
    func ownChanges() async throws {
        let journal = try JournalFixture().open()
        let id = try await journal.begin(Sample.new())
        let restored = PlanChange(subject: "data directory 'database'", kind: .changed, text: "restored")
        try await journal.record(restored, of: id)
        #expect(try await journal.deployment(id: id)?.changes == Sample.new().changes + [restored])
        await #expect(throws: JournalError.self) { try await journal.record(restored, of: 99) }
    }

    @Test("a mistake of the caller is an error: unknown deployment, step not started, ended twice")
    func mistakes() async throws {
        let journal = try JournalFixture().open()
        let id = try await journal.begin(Sample.new())
        await #expect(throws: JournalError.self) { try await journal.stepStarted(.create, of: 99) }
        await #expect(throws: JournalError.self) { try await journal.stepEnded(.create, of: id, error: nil) }
        await #expect(throws: JournalError.self) {
            try await journal.record(.created, container: "web", image: nil, of: 99)
        }
        try await journal.end(id, DeploymentEnd(outcome: .refused, keepsDeployed: true))
        let error = await #expect(throws: JournalError.self) {
            try await journal.end(id, DeploymentEnd(outcome: .containerless))
        }
        #expect(error?.description.contains("ended already") == true)
        #expect(try await journal.deployment(id: id)?.outcome == .refused)
    }

    @Test("a cancelled task still records the end of its deployment and reads")
    func cancelled() async throws {
        let journal = try JournalFixture().open()
        let id = try await journal.begin(Sample.new())
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            try await journal.stepStarted(.rollBack, of: id)
            try await journal.end(id, DeploymentEnd(outcome: .interrupted, keepsDeployed: true))
            return try await journal.deployment(id: id)?.outcome
        }
        task.cancel()
        #expect(try await task.value == .interrupted)
    }

    @Test("containers that are recorded in parallel are all recorded")
    func parallel() async throws {
        let journal = try JournalFixture().open()
        let id = try await journal.begin(Sample.new())
        try await withThrowingTaskGroup { group in
            for number in 0..<25 {
                group.addTask {
                    try await journal.record(.started, container: "c\(number)", image: Sample.image("2"), of: id)
                }
            }
            try await group.waitForAll()
        }
        let record = try #require(try await journal.deployment(id: id))
        #expect(Set(record.containers.map(\.container)).count == 25)
        #expect(record.images.count == 25)
    }

    @Test("the receipt is the record as JSON with sorted keys and references to secrets only")
    func receipt() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        let id = try await journal.begin(Sample.new())
        try await journal.end(id, DeploymentEnd(outcome: .deployed, deployed: Sample.deployed(id)))
        let bytes = try #require(try await journal.receipt(of: id))
        let decoded = try JSONDecoder().decode(DeploymentRecord.self, from: Data(bytes))
        #expect(try await journal.deployment(id: id) == decoded)
        let text = String(decoding: bytes, as: UTF8.self)
        let keys = ["\"changes\"", "\"commit\"", "\"ended\"", "\"outcome\" : \"deployed\"", "\"version\" : \"1.0.0\""]
        let places = try keys.map { try #require(text.range(of: $0), "\($0) in \(text)").lowerBound }
        #expect(places == places.sorted() && text.hasSuffix("}\n"))
        #expect(try await journal.receipt(of: 99) == nil)
    }

    @Test("history is newest first, in pages, and by commit")
    func history() async throws {
        let journal = try JournalFixture().open()
        for number in 1...5 { _ = try await journal.begin(Sample.new(number % 2)) }
        #expect(try await journal.deployments(limit: 2).map(\.id) == [5, 4])
        #expect(try await journal.deployments(limit: 2, before: 4).map(\.id) == [3, 2])
        #expect(try await journal.deployments(of: Sample.commitID(1)).map(\.id) == [5, 3, 1])
        #expect(try await journal.deployment(id: 99) == nil)
    }
}
