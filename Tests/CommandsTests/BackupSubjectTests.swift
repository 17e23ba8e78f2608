import Backup
import Files
import Incidents
import Journal
import Model
import TestSupport
import Testing

@testable import Commands

@Suite("Incidents of backups end with what they are about (S4)")
struct BackupSubjectTests {
    private static let open: Set = [
        "backup", "backup size", "backup spool", "backup drill", "backup target a", "backup target b",
        "release files at a",
    ]

    private static let vendor = VendorPlan(
        target: BackupTarget(store: .directory("/mnt/vendor", local: false)), signers: [])

    private static func plan(_ targets: String..., drill: String? = "0 4 * * 0", vendor: VendorPlan? = vendor)
        -> BackupPlan
    {
        BackupPlan(
            drill: drill, recipients: [],
            targets: Dictionary(
                uniqueKeysWithValues: targets.map { ($0, BackupTarget(store: .directory("/mnt/\($0)", local: false))) }),
            vendor: vendor)
    }

    private static let cases: [(BackupPlan?, Set<String>)] = [
        (plan("a", "b"), []),
        (plan("a"), ["backup target b"]),
        (plan("b"), ["backup target a", "release files at a"]),
        (plan("a", "b", vendor: nil), ["release files at a"]),
        (plan("a", "b", drill: nil), ["backup drill"]),
        (nil, open),
    ]

    @Test("a target, the vendor's files, the drill, or all of them, when the plan has it no more", arguments: cases)
    func ended(plan: BackupPlan?, subjects: Set<String>) {
        #expect(Self.open.subtracting(BackupSubject.all(of: plan).map(\.name)) == subjects)
    }

    @Test("it is closed by the plan's change, with a mail; a drill that was asked for without a schedule stays open")
    func closed() async throws {
        let fixture = try CommandFixture()
        let journal = try fixture.journal()
        let incidents = BackupIncidents(reporter: fixture.reporter(journal))
        var deployed = ResolvedPlan(stack: "acme", version: "1", host: "vsn1", containers: [:])
        deployed.backup = Self.plan("a")
        try await incidents.drilled(deployed, HostError("the database does not start"), warnings: [])
        #expect(try await !incidents.leftPlan(deployed))
        #expect(try await journal.openIncidents().map(\.subject) == ["backup drill"])

        deployed.backup?.drill = nil
        #expect(try await incidents.leftPlan(deployed))
        #expect(try await journal.openIncidents().isEmpty)
        let last = try #require(try await journal.incidents(limit: 1).first?.events.last)
        #expect(last.details.headline == "incident of 'backup drill' ended: it is not in the plan")
        #expect(last.mail == .queued, "people were told at once")

        try await incidents.drilled(deployed, HostError("the database does not start"), warnings: [])
        #expect(try await !incidents.leftPlan(deployed))
        #expect(try await journal.openIncidents().map(\.subject) == ["backup drill"])
    }
}
