internal import Journal
internal import Planning

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
    /// Absent where the backups were not asked.
    var backups: BackupHeads?

    init(_ report: EvidenceReport, compared: JournalHead?) {
        entries = report.entries
        since = report.since.map(ReportTime.init)
        head = report.head?.description
        self.compared = compared?.description
        faults = report.faults
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
                ] + backupLines(style)
        }
        let end = head.map { ", up to \($0)" } ?? ""
        return [style.good("the journal is as fairlead wrote it: \(kept)\(end)")]
            + (compared.map { ["  it contains \($0)"] } ?? []) + backupLines(style)
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
