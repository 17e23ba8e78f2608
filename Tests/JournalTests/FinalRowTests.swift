import GRDB
import Model
import Testing

@testable import Journal

@Suite("What is final in the journal stays as it is, whoever writes an entry for it (issue 11, evidence)")
struct FinalRowTests {
    private let fixture: JournalFixture

    init() throws { fixture = try JournalFixture() }

    /// Two commits, one deployment that ended, one incident, a suspension.
    private func filled() async throws -> Journal {
        let journal = try fixture.open()
        let now = fixture.clock.now.milliseconds
        try await journal.recordSeen([Sample.seen(2, at: now), Sample.seen(1, at: now)])
        try await deploy(1, with: journal)
        let details = IncidentDetails(reason: "r", action: "a", host: "vsn1")
        _ = try await journal.openIncident(
            .deployment, subject: "stack", cause: "c", since: nil, details, notifies: true)
        try await journal.suspend(Suspension(reason: "r", since: fixture.clock.now))
        return journal
    }

    private func deploy(_ commit: Int, with journal: Journal) async throws {
        let id = try await journal.begin(Sample.new(commit))
        try await journal.record(.imageReady, container: "web", image: Sample.image("1"), of: id)
        try await journal.end(
            id, DeploymentEnd(outcome: .deployed, deployed: Sample.deployed(id, commit: commit)))
    }

    private func examine(_ known: JournalHead? = nil) async throws -> EvidenceReport {
        try await Journal.openReadOnly(at: fixture.path).examine(known: known, now: fixture.clock.now)
    }

    @Test(
        "a final row that was changed or removed is named, although an entry with the right hash says so",
        arguments: [
            (
                "UPDATE deployment SET version = '9.9.9'",
                ["deployment 1 was final", "'version' was '1.0.0', is '9.9.9'"]
            ),
            ("UPDATE deployment SET outcome = NULL, ended = NULL", ["deployment 1 was final"]),
            (
                "UPDATE seenCommit SET details = json_set(details, '$.author', 'Eve') WHERE ordinal = 2",
                ["commit number 2 was final", "'author' was 'Ada Ö.', is 'Eve'"]
            ),
            (
                "UPDATE seenCommit SET details = replace(details, '{\"author\"', '{\"author\":\"\",\"author\"')",
                ["commit number 1 was final", "'keys that stand twice' was '0', is '1'"]
            ),
            ("UPDATE incidentEvent SET subject = 'x'", ["event 1 of an incident", "'subject' was 'stack', is 'x'"]),
            ("UPDATE containerImage SET imageID = 'x'", ["an image of deployment 1, container web was final"]),
            ("INSERT INTO deploymentPlan VALUES (1, '{}')", ["the plan of deployment 1 was added by entry"]),
            ("DELETE FROM containerImage", ["an image of deployment 1, container web was removed"]),
            ("DELETE FROM deployment", ["deployment 1 was removed by entry"]),
            ("DELETE FROM seenCommit WHERE ordinal = 1", ["commit number 1 was removed by entry"]),
            ("DELETE FROM incidentEvent", ["event 1 of an incident was removed by entry"]),
        ], [true, false])
    func forged(attack: (sql: String, words: [String]), saysFixed: Bool) async throws {
        let head = try #require(try await filled().head())
        fixture.clock.advance(days: 1)
        try fixture.forge(attack.sql, saysFixed: saysFixed)
        let report = try await examine(head)
        let fault = try #require(report.faults.first { $0.contains(attack.words[0]) }, "\(report.faults)")
        // An entry in the form of older versions does not say what was; where the row is there, it is compared itself.
        let told = saysFixed || !attack.sql.contains("incidentEvent")
        for word in attack.words where told { #expect(fault.contains(word), "\(report.faults)") }
        // It is found later too.
        _ = try await fixture.open().begin(Sample.new(2))
        #expect(try await examine(head).faults.contains { $0.contains(attack.words[0]) })
    }

    @Test("a long text is told by its digest, and a text that looks like one is none")
    func digests() throws {
        let long = FixedPart([String(repeating: "x", count: 400).databaseValue])
        let digest = try #require(long.values.first ?? nil)
        #expect(digest.utf8.count < 100)
        #expect(FixedPart([digest.databaseValue]) != long)
        #expect(FixedPart(try long.text()) == long)
    }

    @Test("an entry that keeps cannot bring in another content: closed by fairlead, or by hand")
    func kept() async throws {
        let head = try #require(try await filled().head())
        let attack = "UPDATE deployment SET version = '9.9.9'; UPDATE evidence SET event = 'kept' WHERE hash IS NULL"
        try fixture.byHand { try $0.execute(sql: attack) }
        _ = try fixture.open()
        #expect(
            try await examine(head).faults == [
                "deployment 1 is not what was recorded: 'version' was '1.0.0', is '9.9.9'"
            ])
        try fixture.forge("UPDATE deployment SET hint = 'x'", event: .kept)
        let faults = try await examine(head).faults
        #expect(faults.contains { $0.contains("keeps deployment 1 as entry") }, "\(faults)")
    }

    @Test("what fairlead changes itself is no fault; with a head from elsewhere it is listed, with what was there only")
    func listed() async throws {
        let journal = try await filled()
        let head = try #require(try await journal.head())
        #expect(try await examine(head).changes == [])
        #expect(try await examine().changes == [])
        fixture.clock.advance(days: 1)
        try await journal.setVerdict(.superseded, note: nil, deployment: nil, of: Sample.commitID(1))
        try await journal.noteCarried([Sample.commitID(1): "carried"], by: 1)
        let warrant = CommitWarrant(way: .signature, signer: nil, time: fixture.clock.now)
        try await TrustLedger(journal).record(AcceptedCommit(commit: Sample.commitID(2), warrant: warrant))
        try await journal.setNotification(.queued, ofEvent: 1)
        let details = IncidentDetails(reason: "r", action: "a", host: "vsn1")
        try await journal.closeIncident(.deployment, subject: "stack", details)
        try await journal.lift(.suspended)
        // Seen at the tip again after others.
        try await journal.recordSeen([Sample.seen(1)])
        fixture.clock.advance(days: 1)
        try await deploy(1, with: journal)
        let report = try await examine(head)
        #expect(report.faults == [])
        let told = report.changes.map { "\($0.row) \($0.times) \($0.removed)" }
        #expect(
            told.sorted() == [
                "commit number 1 3 true", "commit number 2 1 false", "the deployed state 1 false",
                "the suspension 1 true",
            ])
        #expect(report.changes.last?.last == fixture.clock.now)
    }

    @Test("entries are dropped when they are old, by fairlead; what is kept goes on to say what was final")
    func dropped() async throws {
        let journal = try await filled()
        for _ in 1...3 {
            fixture.clock.advance(days: 250)
            try await deploy(2, with: journal)
            let head = try #require(try await journal.head())
            #expect(try await examine(head).faults == [])
        }
        let report = try await examine()
        #expect(try #require(report.since) > Timestamp(milliseconds: 1_800_000_000_000))
        let head = try #require(report.head)
        try fixture.forge("UPDATE deployment SET version = '9.9.9' WHERE id = 1")
        #expect(try await examine(head).faults.contains { $0.contains("'version' was '1.0.0', is '9.9.9'") })
    }

    @Test(
        "who drops younger entries, so that a row can be kept otherwise, is found, whatever time the entry for it has")
    func droppedByHand() async throws {
        let journal = try await filled()
        fixture.clock.advance(days: 100)
        try await deploy(2, with: journal)
        let head = try #require(try await journal.head())
        let begin = head.entry - 2
        try fixture.forge("UPDATE deployment SET version = '9.9.9' WHERE id = 1", event: .kept)
        try fixture.byHand { try $0.execute(sql: "DELETE FROM evidence WHERE id < ?", arguments: [begin]) }
        let fault = "what came before entry \(begin) of the chain was dropped"
        #expect(try await examine(head).faults.contains("\(fault) by another program"))
        fixture.clock.advance(days: 1000)
        try fixture.forge(
            "INSERT INTO evidence (source, key, event) VALUES ('evidence', \(begin), 'dropped')", saysFixed: false)
        fixture.clock.advance(days: -1000)
        let faults = try await examine(head).faults
        #expect(faults.contains { $0.hasPrefix(fault) && $0.contains("400 days old") }, "\(faults)")
        try fixture.forge(
            "INSERT INTO evidence (source, key, event) VALUES ('evidence', \(begin), 'kept')", saysFixed: false)
        #expect(try await examine(head).faults.contains { $0.hasPrefix(fault) })
    }

    @Test("an entry of a clock that was behind lets no young entries go")
    func behind() async throws {
        let journal = try await filled()
        let entries = try await examine().entries
        fixture.clock.advance(days: -10_000)
        try await journal.lift(.suspended)
        fixture.clock.advance(days: 10_001)
        try await deploy(2, with: journal)
        let report = try await examine()
        #expect(report.entries > entries && report.faults == [])
    }

    @Test("a journal of an older version stays whole, and its rows are final from the first opening on")
    func older() async throws {
        _ = try await filled()
        // As before: no column, entries with the hashes of then, the first ones dropped without a word of it.
        try fixture.byHand { database in
            try database.execute(
                sql: """
                    DELETE FROM evidence;
                    ALTER TABLE evidence DROP COLUMN fixed;
                    DELETE FROM grdb_migrations WHERE identifier = '9 final rows in the evidence';
                    INSERT INTO evidence (id, source, key, event) VALUES (41, 'deployment', 1, 'inserted');
                    """)
            for table in EvidenceTable.all { try database.execute(sql: table.adoption) }
            try JournalFixture.close(in: database, at: fixture.clock.now, saysFixed: false)
        }
        let old = try #require(
            try await DatabaseQueue(path: fixture.path).read { try EvidenceChain.head(in: $0) })
        let journal = try fixture.open()
        #expect(try await examine(old).faults == [])
        try await deploy(2, with: journal)
        #expect(try await examine(old).faults == [])
        try fixture.forge("UPDATE deployment SET version = '9.9.9' WHERE id = 1")
        #expect(try await examine(old).faults.contains { $0.contains("'version' was '1.0.0', is '9.9.9'") })
    }
}
