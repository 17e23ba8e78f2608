import Foundation
import GRDB
import TestSupport
import Testing

@testable import Journal
@testable import Model
@testable import Planning

@Suite("What the journal keeps of plans and of who changed them")
struct JournalPlanTests {
    private let document = PlanDocument(
        plan: .object(["stack": .string("acme")]),
        places: ["/stack": PlanDocument.Place(file: "plan.json", line: 3, pointer: "/stack")])

    @Test("a deployment's plan is kept as long as the deployment, with the place of each value")
    func kept() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        let id = try await journal.begin(
            NewDeployment(commit: nil, desired: nil, trigger: .commit, changes: [], document: document))
        #expect(try await journal.plan(of: id) == document)
        try await journal.end(id, DeploymentEnd(outcome: .refused, keepsDeployed: true))
        let next = try await journal.begin(NewDeployment(commit: nil, desired: nil, trigger: .commit, changes: []))
        #expect(try await journal.plan(of: next) == nil)
        fixture.clock.advance(days: 1)
        try await journal.prune(Retention(deployments: 0, commits: 0, incidents: 0, days: 0))
        #expect(try await journal.plan(of: id) == nil)
    }

    @Test("a journal from before plans and authors were kept is read, its changes without commits")
    func older() async throws {
        let fixture = try JournalFixture()
        try FileManager.default.createDirectory(
            atPath: "\(fixture.scratch.path)/state", withIntermediateDirectories: true)
        let old = try DatabaseQueue(path: fixture.path)
        try JournalSchema.migrator.migrate(old, upTo: "3 drift")
        try await old.write { database in
            try database.execute(
                sql: """
                    INSERT INTO deployment (version, planDigest, trigger, changes, started)
                    VALUES ('1', 'd', 'commit', '[{"subject":"web","kind":"changed","text":"user"}]', 1)
                    """)
        }
        try old.close()
        let journal = try fixture.open()
        let record = try #require(try await journal.deployments(limit: 1).first)
        #expect(record.changes == [PlanChange(subject: "web", kind: .changed, text: "user")])
        #expect(try await journal.plan(of: record.id) == nil)
    }

    @Test("J3: a superseded commit says which deployment carried out its changes; other verdicts stay as they are")
    func carried() async throws {
        let journal = try JournalFixture().open()
        var superseded = try Sample.seen(1)
        superseded.verdict = .superseded
        var refused = try Sample.seen(2)
        refused.verdict = .refused
        refused.note = "why"
        try await journal.recordSeen([try Sample.seen(3), refused, superseded])
        let id = try await journal.begin(
            NewDeployment(commit: try Sample.commitID(3), desired: nil, trigger: .commit, changes: []))
        let notes = [try Sample.commitID(1): "deployed with it", try Sample.commitID(2): "not so"]
        try await journal.noteCarried(notes, by: id)
        let commits = try await journal.commits(limit: 3)
        #expect(commits.map(\.note) == [nil, "why", "deployed with it"])
        #expect(commits.map(\.deployment) == [nil, nil, id])
        #expect(commits.map(\.verdict) == [.pending, .refused, .superseded])
    }
}
