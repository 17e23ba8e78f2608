internal import GRDB
internal import Model

/// Reads the chain and the rows that it covers, and says where they do not fit.
struct EvidenceExamination {
    private(set) var report = EvidenceReport()
    /// A head that somebody kept elsewhere.
    private let known: JournalHead?
    /// `nil`: as late as the chain says.
    private let now: Timestamp?
    private var traces = EvidenceTraces()
    private var begin = ChainBegin()

    init(known: JournalHead?, now: Timestamp?) {
        self.known = known
        self.now = now
    }

    mutating func run(_ database: Database) throws {
        try readChain(database)
        if let fault = begin.fault(now: now) { report.add(fault) }
        for table in EvidenceTable.all { try compare(table, database) }
        for fault in traces.removals() { report.add(fault) }
        if known != nil { report.changes = traces.changes }
    }

    private mutating func readChain(_ database: Database) throws {
        var before: EvidenceEntry?
        let rows = try Row.fetchCursor(database, sql: "SELECT * FROM evidence ORDER BY id")
        while let row = try rows.next() {
            let entry = try EvidenceEntry(row)
            check(entry, after: before)
            checkKnown(entry)
            follow(entry)
            report.entries += 1
            report.since = report.since ?? Timestamp(milliseconds: entry.time)
            report.head = JournalHead(entry: entry.id, hash: entry.hash)
            before = entry
        }
        checkReach()
    }

    private mutating func check(_ entry: EvidenceEntry, after before: EvidenceEntry?) {
        if !entry.hash.isEmpty, entry.hash != entry.expectedHash {
            report.add("entry \(entry.id) of the chain was changed")
        }
        guard let before else { return }
        if entry.id != before.id + 1 {
            report.add("entries \(before.id + 1) to \(entry.id - 1) of the chain are missing")
        } else if !entry.hash.isEmpty, entry.previous != before.hash {
            report.add("entry \(entry.id) of the chain does not follow entry \(before.id)")
        }
    }

    private mutating func follow(_ entry: EvidenceEntry) {
        // Open: somebody else fired a trigger, and the row itself says the rest.
        guard !entry.hash.isEmpty else { return report.add("\(entry.words) was changed by another program") }
        begin.follow(entry)
        if let fault = traces.fault(of: entry, saysFixed: begin.saysFixed, now) { report.add(fault) }
        traces.follow(entry)
        if entry.id == known?.entry { traces.mark() }
    }

    private mutating func checkKnown(_ entry: EvidenceEntry) {
        guard let known, known.entry == entry.id, !entry.hash.hasPrefix(known.hash) else { return }
        report.add("entry \(entry.id) is not the one that '\(known)' names")
    }

    /// A head that is newer than the chain: its end was cut off, or this is the journal from before.
    private mutating func checkReach() {
        guard let known else { return }
        let end = report.head?.entry ?? 0
        if known.entry > end { report.add("the chain ends with entry \(end), before the one that '\(known)' names") }
        if known.entry <= end - Int64(report.entries) {
            report.add(
                "entry \(known.entry) is too old: the chain is kept from entry \(end - Int64(report.entries) + 1) on")
        }
    }

    private mutating func compare(_ table: EvidenceTable, _ database: Database) throws {
        var recorded = traces.rows[table.name] ?? [:]
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT \(table.keyExpression()) AS key, \(table.state) FROM \(table.name)
                WHERE \(table.condition())
                """)
        while let row = try rows.next() {
            let key = "\(row["key"] as DatabaseValue)"
            let words = EvidenceEntry.words(table.name, key)
            guard let trace = recorded.removeValue(forKey: key), trace.isThere else {
                report.add("\(words) was added by another program")
                continue
            }
            if let fault = traces.fault(of: try RowState(row, table), recorded: trace, table) { report.add(fault) }
        }
        for (key, trace) in recorded.sorted(by: { $0.key < $1.key }) where trace.isThere {
            report.add("\(EvidenceEntry.words(table.name, key)) was removed by another program")
        }
    }
}
