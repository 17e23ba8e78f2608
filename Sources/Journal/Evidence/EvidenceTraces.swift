internal import Model

/// What the chain says of all rows, up to an entry, and whether an entry fits what was said before.
///
/// Whoever is root can write an entry with the right hash. It cannot say what fairlead never does: change what is final,
/// remove it while it is young, or keep a content that nobody recorded.
struct EvidenceTraces {
    /// By source and key.
    private(set) var rows: [String: [String: EvidenceTrace]] = [:]
    /// Commits that were removed while they were young: well, where the same one is seen anew. The fault by the commit's id.
    private var removedCommits: [String: String] = [:]

    mutating func follow(_ entry: EvidenceEntry) {
        guard entry.source != EvidenceTable.chain else { return }
        if rows[entry.source]?[entry.key]?.follow(entry) == nil {
            rows[entry.source, default: [:]][entry.key] = EvidenceTrace(entry)
        }
        guard entry.source == "seenCommit", entry.kind == .inserted,
            let id = FixedPart(entry.fixed)?.values.first ?? nil
        else { return }
        removedCommits[id] = nil
    }

    /// The rows of now are those that were there with a head that is kept elsewhere.
    mutating func mark() {
        for source in rows.keys {
            for key in (rows[source] ?? [:]).keys { rows[source]?[key]?.mark() }
        }
    }

    /// What was changed since, the oldest change first.
    var changes: [EvidenceChange] {
        rows.values.flatMap { $0.values.compactMap(\.change) }.sorted { ($0.last, $0.row) < ($1.last, $1.row) }
    }

    /// What is wrong with an entry that comes next; `saysFixed`: entries of this journal say by now what is final.
    mutating func fault(of entry: EvidenceEntry, saysFixed: Bool, _ now: Timestamp?) -> String? {
        guard let table = EvidenceTable.named(entry.source) else { return nil }
        let before = rows[entry.source]?[entry.key]
        if entry.kind == .foreign {
            let difference = before?.fixed?.words(now: FixedPart(entry.fixed), table) ?? ""
            return "\(entry.words) was changed by another program\(difference)"
        }
        guard let before else { return lateFault(of: entry) }
        if entry.kind == .kept { return keptFault(of: entry, before) }
        if entry.content.isEmpty { return removalFault(of: entry, before, table, saysFixed, now) }
        return changeFault(of: entry, before, table)
    }

    /// Said again before older entries are dropped, and said otherwise by who wants another content to count.
    private func keptFault(of entry: EvidenceEntry, _ before: EvidenceTrace) -> String? {
        guard entry.content != before.content || before.fixed != nil && FixedPart(entry.fixed) != before.fixed else {
            return nil
        }
        return "entry \(entry.id) of the chain, of \(entry.date), keeps \(entry.words) as entry \(before.entry.id) did "
            + "not record it: another program wrote it"
    }

    private func changeFault(
        of entry: EvidenceEntry, _ before: EvidenceTrace, _ table: EvidenceTable
    ) -> String? {
        guard isChanged(entry, before) else { return nil }
        return "\(entry.words) was final, and entry \(entry.id) of the chain changed it on \(entry.date)"
            + (before.fixed?.words(now: FixedPart(entry.fixed), table) ?? "") + ": another program wrote it"
    }

    private func isChanged(_ entry: EvidenceEntry, _ before: EvidenceTrace) -> Bool {
        switch entry.source {
        case "deploymentPlan", "incidentEvent": return entry.content != before.content
        case "containerImage": return entry.content != before.content && isFinal(deployment: entry.owner)
        default:
            // A version that ran on while this one was installed says nothing; the row itself is compared at last.
            guard let fixed = FixedPart(entry.fixed) else { return false }
            return before.fixed.map { $0 != fixed } ?? false
        }
    }

    /// A row that did not exist when its deployment ended.
    private func lateFault(of entry: EvidenceEntry) -> String? {
        guard entry.kind != .kept, !entry.content.isEmpty, isFinal(deployment: entry.owner) else { return nil }
        return
            "\(entry.words) was added by entry \(entry.id) of the chain on \(entry.date), after the deployment's end: "
            + "another program wrote it"
    }

    private func isFinal(deployment: String?) -> Bool {
        deployment.map { rows["deployment"]?[$0]?.fixed != nil } ?? false
    }
}

/// What is gone.
extension EvidenceTraces {
    private mutating func removalFault(
        of entry: EvidenceEntry, _ before: EvidenceTrace, _ table: EvidenceTable, _ saysFixed: Bool, _ now: Timestamp?
    ) -> String? {
        guard let moment = table.moment, before.isThere, saysFixed else { return nil }
        let time = before.fixed?.value(of: moment, in: table).flatMap { Int64($0) } ?? before.entry.time
        if Retention.isOld(time, at: entry.time, now) { return nil }
        let fault =
            "\(entry.words) was removed by entry \(entry.id) of the chain on \(entry.date), which fairlead does after "
            + "\(Retention.standard.days) days: another program wrote it, or the clock was ahead"
        guard entry.source == "seenCommit", let id = before.fixed?.values.first ?? nil else { return fault }
        removedCommits[id] = fault
        return nil
    }

    /// To be asked when all entries were followed.
    func removals() -> [String] {
        let parts = ["deploymentPlan", "containerImage"].flatMap { (rows[$0] ?? [:]).values }
            .filter { !$0.isThere && $0.entry.kind != .foreign }
        let orphans = parts.filter { part in part.entry.owner.map { rows["deployment"]?[$0]?.isThere ?? false } ?? false
        }
        return removedCommits.values.sorted()
            + orphans.map { "\($0.entry.words) was removed, and its deployment is there: another program did it" }
            .sorted()
    }

    /// A row that is not what the last entry about it says.
    func fault(of row: RowState, recorded trace: EvidenceTrace, _ table: EvidenceTable) -> String? {
        let difference = trace.fixed?.words(now: row.fixed ?? FixedPart([]), table) ?? ""
        if row.content != trace.content { return "\(trace.entry.words) is not what was recorded\(difference)" }
        guard let fixed = trace.fixed, fixed != row.fixed else { return nil }
        return "\(trace.entry.words) was final, and changed on \(trace.entry.date)\(difference)"
            + ": another program wrote entry \(trace.entry.id) of the chain"
    }
}
