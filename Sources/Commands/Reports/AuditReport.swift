internal import Journal
internal import Model

/// The answer of `fairlead audit verify`.
struct AuditReport: Report {
    var entries: Int
    /// Since when they are kept.
    var since: ReportTime?
    /// `ENTRY:HASH` of the newest.
    var head: String?
    /// What it was compared with.
    var compared: String?
    /// Of the journal itself, and of what the backups say of it.
    var faults: [String]
    /// Rows that were there already when that was the end, the oldest change first; absent where nothing was compared.
    var changedSince: [ChangedRow]?
    /// Absent where the backups were not asked.
    var backups: BackupHeads?

    struct ChangedRow: Codable, Hashable {
        var row: String
        var times: Int
        var last: ReportTime
        var removed: Bool

        init(_ change: EvidenceChange) {
            row = change.row
            times = change.times
            last = ReportTime(change.last)
            removed = change.removed
        }
    }

    init(_ report: EvidenceReport, compared: JournalHead?) {
        entries = report.entries
        since = report.since.map(ReportTime.init)
        head = report.head?.description
        self.compared = compared?.description
        faults = report.faults
        changedSince = compared.map { _ in report.changes.map(ChangedRow.init) }
    }

    mutating func add(_ heads: BackupHeads) {
        backups = heads
        faults += heads.faults
    }

    var isWhole: Bool { faults.isEmpty && backups?.isWhole ?? true }

    func lines(_ style: TextStyle) -> [String] {
        let kept = "\(entries.counted("entry", "entries"))\(since.map { " since \(style.time($0.moment))" } ?? "")"
        guard faults.isEmpty else {
            return [style.bad("the journal was changed by another program than fairlead: \(kept)")]
                + faults.map { "  \($0)".printable }
                + [
                    "  -> find out who was root on this host; 'fairlead history' and 'fairlead show' may not tell the truth",
                    "     of what is named here; a backup's manifest has the plan and the commit that it was made of",
                ] + changeLines(style) + backupLines(style)
        }
        let end = head.map { ", up to \($0)" } ?? ""
        return [style.good("the journal is as fairlead wrote it: \(kept)\(end)")]
            + (compared.map { ["  it contains \($0)"] } ?? []) + changeLines(style) + backupLines(style)
    }

    /// More are not told one by one.
    private static let mostChanges = 50

    private func changeLines(_ style: TextStyle) -> [String] {
        guard let compared, let rows = changedSince else { return [] }
        guard !rows.isEmpty else { return ["  nothing that was recorded up to \(compared) was changed after it"] }
        let more = rows.count - Self.mostChanges
        return ["  of what was recorded up to \(compared), \(rows.count.counted("row")) changed after it:"]
            + rows.suffix(Self.mostChanges).map { "    \($0.words(style))".printable }
            + (more > 0 ? ["    and \(more) before those: --output json has all"] : [])
            + (faults.isEmpty ? ["  fairlead changes such rows itself: what came of a commit, what is deployed"] : [])
    }

    private func backupLines(_ style: TextStyle) -> [String] {
        guard let backups else { return [] }
        let count = backups.contained.counted("run")
        let words =
            backups.contained > 0
            ? "  it contains what \(count) of the backups \(backups.contained == 1 ? "names" : "name")"
            : style.bad("  no run of the backups names an entry that it contains")
        return [words] + backups.notes.map { "  \($0)".printable } + BackupListReport.faults(backups.unread, style)
    }
}

extension AuditReport.ChangedRow {
    /// `deployment 7, 2 times, last on 2026-11-21 10:32`.
    fileprivate func words(_ style: TextStyle) -> String {
        let time = style.time(last.moment)
        if removed { return "\(row), removed on \(time)" }
        return times == 1 ? "\(row), on \(time)" : "\(row), \(times) times, last on \(time)"
    }
}
