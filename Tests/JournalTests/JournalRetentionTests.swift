import GRDB
import Model
import Testing

@testable import Journal

@Suite("Retention")
struct JournalRetentionTests {
    private let strict = Retention(deployments: 2, commits: 2, incidents: 2, days: 10)

    /// One ended deployment a day, for commits 1 to `count`; the second one made the deployed state.
    private func filled(_ fixture: JournalFixture, count: Int) async throws -> Journal {
        let journal = try fixture.open()
        for number in 1...count {
            try await journal.recordSeen([Sample.seen(number, at: fixture.clock.now.milliseconds)])
            let id = try await journal.begin(Sample.new(number))
            try await journal.stepStarted(.validate, of: id)
            try await journal.record(.imageReady, container: "web", image: Sample.image("1"), of: id)
            try await journal.setVerdict(.refused, note: nil, deployment: id, of: Sample.commitID(number))
            let state = number == 2 ? try Sample.deployed(id, commit: number) : nil
            try await journal.end(
                id, DeploymentEnd(outcome: .deployed, deployed: state, keepsDeployed: state == nil))
            fixture.clock.advance(days: 1)
        }
        return journal
    }

    @Test("keeps the newest ones, the young ones, and what made the deployed state")
    func keeps() async throws {
        let fixture = try JournalFixture()
        let journal = try await filled(fixture, count: 6)
        try await journal.prune(strict)
        #expect(try await journal.deployments(limit: 99).count == 6, "all are younger than ten days")
        fixture.clock.advance(days: 6)
        try await journal.prune(strict)
        #expect(try await journal.deployments(limit: 99).map(\.id) == [6, 5, 4, 3, 2])
        fixture.clock.advance(days: 100)
        try await journal.prune(strict)
        #expect(try await journal.deployments(limit: 99).map(\.id) == [6, 5, 2])
        #expect(try await journal.commits(limit: 99).map(\.commit.time) == [6, 5, 2])
        #expect(try await journal.deployedState()?.deployment == 2)
        #expect(try await journal.deployment(id: 2)?.steps.count == 1)
    }

    @Test("never drops an unfinished deployment, the newest commit, or the failure of its plan")
    func neverDropped() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        let cutOff = try await journal.begin(Sample.new(1))
        for number in 2...4 {
            let id = try await journal.begin(Sample.new(number))
            try await journal.end(id, DeploymentEnd(outcome: .refused, keepsDeployed: true))
        }
        for number in 8...9 {
            try await journal.recordSeen([Sample.seen(number)])
            try await journal.remember(
                FailedPlan(
                    key: .plan("d\(number)"), commit: Sample.commitID(number), disposition: .permanent, message: "no",
                    attempts: 1, lastAttempt: fixture.clock.now, nextAttempt: nil))
        }
        fixture.clock.advance(days: 1000)
        try await journal.prune(Retention(deployments: 0, commits: 0, incidents: 0, days: 10))
        #expect(try await journal.deployments(limit: 99).map(\.id) == [cutOff])
        #expect(try await journal.commits(limit: 99).map(\.commit.time) == [9])
        #expect(try await journal.failures().map(\.key.text) == ["d9"])
    }

    @Test("the standard rule runs by itself when a deployment ends")
    func automatic() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        let started = fixture.clock.now.milliseconds
        try await journal.write("fill the journal") { database in
            for _ in 1...502 {
                try database.execute(
                    sql: """
                        INSERT INTO deployment (version, planDigest, trigger, changes, started, outcome)
                        VALUES ('1.0.0', 'd', 'commit', '[]', ?, 'refused')
                        """, arguments: [started])
            }
        }
        #expect(try await journal.deployments(limit: 999).count == 502)
        fixture.clock.advance(days: 401)
        let id = try await journal.begin(Sample.new(503))
        try await journal.end(id, DeploymentEnd(outcome: .refused, keepsDeployed: true))
        let kept = try await journal.deployments(limit: 999)
        #expect(kept.count == 500 && kept.first?.id == id)
    }
}
