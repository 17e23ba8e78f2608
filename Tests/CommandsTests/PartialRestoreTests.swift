import Deploying
import Journal
import Logging
import Planning
import TestSupport
import Testing

@testable import Commands
@testable import Reconciling

/// A host whose health check left nothing, and whose mails all go.
private struct QuietPorts: IncidentFiles, Notifier {
    func content() -> SpoolContent { SpoolContent(incidents: [], damaged: []) }
    func drop(_ file: String) { Issue.record("there is no '\(file)'") }
    func setAside(_ file: String) { Issue.record("there is no '\(file)'") }
    func queue(_ mail: DueMail) -> Bool { true }
    func sendSoon() {}
    func sendLeftovers() {}
    func adoptMailSettings(of plan: ResolvedPlan, secrets: Secrets) { Issue.record("nothing failed") }
}

@Suite("H6: what of a backup cannot be brought back is an incident, until a backup is free of it")
struct PartialRestoreTests {
    private let plan = ResolvedPlan(
        stack: "acme", version: "1", host: "vsn1", containers: [:],
        backup: BackupPlan(
            recipients: [], targets: ["disk": BackupTarget(store: .directory("/mnt/disk", local: false))]))

    private func succeed(_ journal: Journal, _ deployment: Int64, _ partial: [String]) async throws {
        let desk = IncidentDesk(
            memory: journal, files: QuietPorts(), notifier: QuietPorts(), host: "vsn1", logger: Logger(label: "test"))
        let request = DeploymentRequest(
            desired: DesiredState(plan: plan), commit: CommitID(repeating: "1"), secrets: Secrets(), trigger: .commit)
        try await desk.deploymentSucceeded(
            request, DeploymentResult(deployment: deployment, outcome: .deployed, restoredInPart: partial))
    }

    @Test("it is opened once for a restore, told with what is missing, and closed by the next backup that has none")
    func opened() async throws {
        let journal = try CommandFixture().journal()
        try await succeed(journal, 1, [])
        #expect(try await journal.openIncidents().isEmpty)
        let words = "data directory 'files' of run 20261121T020000Z: an entry of it cannot be brought back"
        for _ in 0..<2 { try await succeed(journal, 2, [words]) }
        #expect(try await journal.openIncidents().map(\.subject) == [BackupSubject.paths])
        let opening = try #require(try await journal.incidents(limit: 9).first?.events.last)
        #expect(opening.details.reason == words && opening.details.deployment == 2)

        try await BackupDesk(journal: journal).tellLeftOut(plan, [:])
        #expect(try await journal.openIncidents().isEmpty)
    }
}
