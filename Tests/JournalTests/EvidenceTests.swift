import GRDB
import Journal
import Model
import TestSupport
import Testing

@Suite("The journal is a chain: what another program changes shows (issue 11, evidence)")
struct EvidenceTests {
    private let fixture: JournalFixture

    init() throws { fixture = try JournalFixture() }

    /// Two commits, one deployment, one incident, a suspension.
    private func filled() async throws -> Journal {
        let journal = try fixture.open()
        try await journal.recordSeen([Sample.seen(2), Sample.seen(1)])
        let id = try await journal.begin(Sample.new())
        try await journal.record(.imageReady, container: "web", image: Sample.image("1"), of: id)
        try await journal.end(id, DeploymentEnd(outcome: .deployed, deployed: Sample.deployed(id)))
        let details = IncidentDetails(reason: "r", action: "a", host: "vsn1")
        let list = SignerRotation(
            number: 1, lines: "l\n", persons: ["ada"], signers: [], time: Timestamp(milliseconds: 7))
        try await TrustLedger(journal).record(list)
        try await OperatorLedger(journal).record(
            OperatorAct(kind: .adopted, text: "t", person: "ada", time: Timestamp(milliseconds: 8)))
        _ = try await journal.openIncident(
            .deployment, subject: "stack", cause: "c", since: nil, details, notifies: true)
        return journal
    }

    private func byHand(_ sql: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        try DatabaseQueue(path: fixture.path, configuration: configuration).write { try $0.execute(sql: sql) }
    }

    private func faults(known: JournalHead? = nil) async throws -> [String] {
        try await Journal.openReadOnly(at: fixture.path).examine(known: known).faults
    }

    @Test("a journal that only fairlead wrote is whole, with a head that grows")
    func whole() async throws {
        let journal = try await filled()
        let report = try await journal.examine()
        #expect(report.faults.isEmpty)
        #expect(report.entries >= 6)
        #expect(try await journal.head() == report.head)
        try await journal.setNotification(.queued, ofEvent: 1)
        #expect(try await journal.head() == report.head, "whether a mail was sent is no fact")
        _ = try await journal.begin(Sample.new(2))
        let (old, new) = (try #require(report.head), try #require(try await journal.head()))
        #expect(new.entry > old.entry)
        #expect(try await faults(known: report.head).isEmpty)
    }

    @Test(
        "a row that was changed, added or removed by hand is named, also after fairlead wrote again",
        arguments: [
            ("UPDATE deployment SET commitID = NULL", "deployment 1 was changed by another program"),
            (
                "UPDATE seenCommit SET details = replace(details, 'Ada', 'Eve') WHERE ordinal = 2",
                "commit number 2 was changed"
            ),
            ("UPDATE savedValue SET value = '{}' WHERE name = 'deployed state'", "the deployed state was changed"),
            ("DELETE FROM savedValue WHERE name = 'list of signers'", "the list of signers was changed"),
            ("DELETE FROM savedValue WHERE name = 'acts of operators'", "the acts of operators was changed"),
            ("DELETE FROM incidentEvent", "event 1 of an incident was changed by another program"),
            ("UPDATE containerImage SET imageID = 'x'", "an image of deployment 1, container web was changed"),
            (
                "INSERT INTO deploymentPlan VALUES (1, '{}') ON CONFLICT DO UPDATE SET planDocument = '{}'",
                "the plan of deployment 1 was changed"
            ),
        ])
    func tampered(sql: String, fault: String) async throws {
        _ = try await filled()
        try byHand(sql)
        #expect(try await faults().contains { $0.contains(fault) })
        let journal = try fixture.open()
        _ = try await journal.begin(Sample.new(2))
        #expect(try await faults().contains { $0.contains(fault) })
    }

    @Test("whoever drops the triggers first is found by the rows")
    func withoutTriggers() async throws {
        _ = try await filled()
        var triggers: [String] = []
        try fixture.byHand {
            triggers = try String.fetchAll($0, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger'")
        }
        try byHand(triggers.map { "DROP TRIGGER \($0);" }.joined() + "UPDATE deployment SET version = '9.9.9'")
        #expect(
            try await faults() == ["deployment 1 is not what was recorded: 'version' was '1.0.0', is '9.9.9'"])
    }

    @Test(
        "an entry that was changed or removed breaks the chain",
        arguments: [
            ("UPDATE evidence SET content = 'x' WHERE id = 3", "entry 3 of the chain was changed"),
            ("DELETE FROM evidence WHERE id = 3", "entries 3 to 3 of the chain are missing"),
            ("UPDATE evidence SET time = 0 WHERE id = 2", "entry 2 of the chain was changed"),
        ])
    func chain(sql: String, fault: String) async throws {
        _ = try await filled()
        try byHand(sql)
        #expect(try await faults().contains(fault))
    }

    @Test("a chain that was cut, or made anew, does not contain the head that was kept elsewhere")
    func head() async throws {
        let journal = try await filled()
        let head = try #require(try await journal.head())
        #expect(try await faults(known: head).isEmpty)
        #expect(JournalHead(head.description)?.hash == String(head.hash.prefix(16)))
        let other = JournalHead(entry: head.entry, hash: String(repeating: "0", count: 16))
        #expect(try await faults(known: other) == ["entry \(head.entry) is not the one that '\(other)' names"])
        let later = JournalHead(entry: head.entry + 5, hash: head.hash)
        #expect(
            try await faults(known: later) == [
                "the chain ends with entry \(head.entry), before the one that '\(later)' names"
            ])
    }

    @Test(
        "an entry that was kept elsewhere is in the chain, another one there, beyond its end, or before its beginning")
    func places() async throws {
        let journal = try await filled()
        let head = try #require(try await journal.head())
        let other = JournalHead(entry: 2, hash: String(repeating: "0", count: 64))
        let later = JournalHead(entry: head.entry + 1, hash: head.hash)
        #expect(
            try await journal.places(of: [head, other, later]) == [.contained, .other, .beyond(last: head.entry)])
        #expect(try await journal.places(of: []) == [])
        #expect(try await journal.places(of: [JournalHead(entry: head.entry, hash: "")]) == [.other])
        fixture.clock.advance(days: 500)
        try await journal.prune(Retention(deployments: 0, commits: 0, incidents: 0, days: 400))
        let first = try #require(try await journal.places(of: [other]).first)
        guard case .dropped(let entry) = first else {
            Issue.record("it is \(first)")
            return
        }
        #expect(entry == head.entry, "the last of the old ones stays, as proof that those before it were old")
    }

    @Test("rows of an older journal are covered from its first opening on")
    func older() async throws {
        _ = try await filled()
        var triggers: [String] = []
        try fixture.byHand {
            triggers = try String.fetchAll($0, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger'")
        }
        try byHand(
            triggers.map { "DROP TRIGGER \($0);" }.joined()
                + "DROP TABLE evidence; DELETE FROM grdb_migrations WHERE identifier >= '6 evidence'")
        _ = try fixture.open()
        let report = try await Journal.openReadOnly(at: fixture.path).examine()
        #expect(report.faults.isEmpty && report.entries >= 5)
        try byHand("UPDATE deployment SET version = '9.9.9'")
        #expect(try await faults().contains { $0.hasPrefix("deployment 1 was changed") })
    }

    @Test("a journal from before lists of signers were covered covers them from its first opening on")
    func olderSigners() async throws {
        _ = try await filled()
        let names = ["inserted", "updated", "deleted"]
        try byHand(
            names.map { "DROP TRIGGER savedValue_\($0);" }.joined()
                + "DELETE FROM savedValue WHERE name = 'list of signers';"
                + "DELETE FROM grdb_migrations WHERE identifier = '7 signers in the evidence'")
        let journal = try fixture.open()
        let list = SignerRotation(
            number: 2, lines: "l\n", persons: [], signers: [], time: Timestamp(milliseconds: 8))
        try await TrustLedger(journal).record(list)
        try byHand("UPDATE savedValue SET value = '[]' WHERE name = 'list of signers'")
        #expect(try await faults().contains { $0.hasPrefix("the list of signers was changed") })
    }

    @Test("old entries are dropped with what they tell of, and what is left is whole")
    func pruned() async throws {
        let journal = try await filled()
        let (head, time) = (try #require(try await journal.head()), fixture.clock.now)
        fixture.clock.advance(days: 500)
        try await journal.prune(Retention(deployments: 0, commits: 0, incidents: 0, days: 400))
        let report = try await journal.examine()
        #expect(report.faults.isEmpty)
        #expect(report.since == time)
        #expect(try await faults(known: head).isEmpty)
        let before = JournalHead(entry: head.entry - 1, hash: head.hash)
        #expect(try await faults(known: before).first?.contains("is too old") == true)
    }
}
