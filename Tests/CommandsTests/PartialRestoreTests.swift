import Backup
import Deploying
import Incidents
import Journal
import Model
import TestSupport
import Testing

@testable import Commands
@testable import Reconciling

/// A host whose health check left nothing.
private struct NoFiles: IncidentFiles {
    func content() -> SpoolContent { SpoolContent() }
    func drop(_ file: String) { Issue.record("there is no '\(file)'") }
    func setAside(_ file: String) { Issue.record("there is no '\(file)'") }
}

@Suite("H6: what of a backup cannot be brought back is an incident, until a backup is free of it")
struct PartialRestoreTests {
    private let plan = ResolvedPlan(
        stack: "acme", version: "1", host: "vsn1", containers: [:],
        backup: BackupPlan(
            recipients: [], targets: ["disk": BackupTarget(store: .directory("/mnt/disk", local: false))]))

    private func succeed(_ reporter: IncidentReporter, _ deployment: Int64, _ partial: [String]) async throws {
        let incidents = LoopIncidents(reporter: reporter, files: NoFiles(), host: "vsn1")
        let request = DeploymentRequest(
            desired: DesiredState(plan: plan), commit: CommitID(repeating: "1"), secrets: Secrets(), trigger: .commit)
        try await incidents.deploymentSucceeded(
            request, DeploymentResult(deployment: deployment, outcome: .deployed, restoredInPart: partial))
    }

    @Test("it is opened once for a restore, told with what is missing, and closed by the next backup that has none")
    func opened() async throws {
        let fixture = try CommandFixture()
        let journal = try fixture.journal()
        let reporter = fixture.reporter(journal)
        try await succeed(reporter, 1, [])
        #expect(try await journal.openIncidents().isEmpty)
        let words = "data directory 'files' of run 20261121T020000Z: an entry of it cannot be brought back"
        for _ in 0..<2 { try await succeed(reporter, 2, [words]) }
        #expect(try await journal.openIncidents().map(\.subject) == [BackupSubject.paths.name])
        let opening = try #require(try await journal.incidents(limit: 9).first?.events.last)
        #expect(opening.details.reason == words && opening.details.deployment == 2)

        try await BackupIncidents(reporter: reporter).tellLeftOut(plan, [:])
        #expect(try await journal.openIncidents().isEmpty)
    }
}
