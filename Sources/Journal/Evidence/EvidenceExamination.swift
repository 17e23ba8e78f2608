internal import GRDB
internal import Planning

/// Reads the chain and the rows that it covers, and says where they do not fit.
struct EvidenceExamination {
    private(set) var report = EvidenceReport()
    /// The digest of each row by the last entry about it, by source and key.
    private var last: [String: [String: String]] = [:]

    /// `known`: a head that somebody kept elsewhere.
    mutating func run(_ database: Database, known: JournalHead?) throws {
        try readChain(database, known)
        for table in EvidenceTable.all { try compare(table, database) }
    }

    private mutating func readChain(_ database: Database, _ known: JournalHead?) throws {
        var before: EvidenceEntry?
        let rows = try Row.fetchCursor(database, sql: "SELECT * FROM evidence ORDER BY id")
        while let row = try rows.next() {
            let entry = try EvidenceEntry(row)
            check(entry, after: before)
            check(entry, against: known)
            last[entry.source, default: [:]][entry.key] = entry.content
            report.entries += 1
            report.since = report.since ?? Timestamp(milliseconds: entry.time)
            report.head = JournalHead(entry: entry.id, hash: entry.hash)
            before = entry
        }
        checkReach(of: known)
    }

    private mutating func check(_ entry: EvidenceEntry, after before: EvidenceEntry?) {
        if entry.hash.isEmpty {
            return report.add("\(entry.words) was changed by another program")
        }
        if entry.hash != entry.expectedHash { report.add("entry \(entry.id) of the chain was changed") }
        if entry.event == EvidenceEntry.Event.foreign.rawValue {
            report.add("\(entry.words) was changed by another program")
        }
        guard let before else { return }
        if entry.id != before.id + 1 {
            report.add("entries \(before.id + 1) to \(entry.id - 1) of the chain are missing")
        } else if entry.previous != before.hash {
            report.add("entry \(entry.id) of the chain does not follow entry \(before.id)")
        }
    }

    private mutating func check(_ entry: EvidenceEntry, against known: JournalHead?) {
        guard let known, known.entry == entry.id, !entry.hash.hasPrefix(known.hash) else { return }
        report.add("entry \(entry.id) is not the one that '\(known)' names")
    }

    /// A head that is newer than the chain: its end was cut off, or this is the journal from before.
    private mutating func checkReach(of known: JournalHead?) {
        guard let known else { return }
        let end = report.head?.entry ?? 0
        if known.entry > end { report.add("the chain ends with entry \(end), before the one that '\(known)' names") }
        if known.entry <= end - Int64(report.entries) {
            report.add(
                "entry \(known.entry) is too old: the chain is kept from entry \(end - Int64(report.entries) + 1) on")
        }
    }

    private mutating func compare(_ table: EvidenceTable, _ database: Database) throws {
        var recorded = last[table.name] ?? [:]
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT \(table.keyExpression()) AS key, \(table.contentExpression) AS content FROM \(table.name)
                WHERE \(table.condition())
                """)
        while let row = try rows.next() {
            let key = "\(row["key"] as DatabaseValue)"
            let words = EvidenceEntry.words(table.name, key)
            guard let content = recorded.removeValue(forKey: key), !content.isEmpty else {
                report.add("\(words) was added by another program")
                continue
            }
            if content != EvidenceChain.digest(try row.decode(forColumn: "content")) {
                report.add("\(words) is not what was recorded")
            }
        }
        for (key, content) in recorded.sorted(by: { $0.key < $1.key }) where !content.isEmpty {
            report.add("\(EvidenceEntry.words(table.name, key)) was removed by another program")
        }
    }
}

extension EvidenceEntry {
    fileprivate var words: String { Self.words(source, key) }

    /// `deployment 7`, as people know it.
    fileprivate static func words(_ source: String, _ key: String) -> String {
        let key = key.filter { $0 != "\"" }
        return switch source {
        case "deployment": "deployment \(key)"
        case "deploymentPlan": "the plan of deployment \(key)"
        case "containerImage": "an image of deployment \(key.replacing("/", with: ", container "))"
        case "seenCommit": "commit number \(key)"
        case "incidentEvent": "event \(key) of an incident"
        default: "the \(key)"
        }
    }
}
