internal import Backup
internal import HostSystem
internal import Model

extension StatusReport {
    /// How the backups of the deployed plan went.
    struct Backup: Codable, Hashable, Sendable {
        struct Target: Codable, Hashable, Sendable {
            var name: String
            /// The newest run that it has; absent before the first one.
            var run: String?
            /// Of the last attempt.
            var failed: Bool
            var summary: String
            var time: ReportTime?
        }

        /// Five crontab fields.
        var schedule: String
        /// Why the last copy of the data failed; absent when it did not.
        var error: String?
        /// Why data directories are not in the newest run, by name; absent when it is complete.
        var incomplete: [String: String]?
        /// Of those that are much smaller than they were, in words.
        var shrunk: [String: String]?
        var targets: [Target]
        /// The vendor's files at each target; `run` is their version.
        var releases: [Target]
        /// The last rehearsal of a recovery.
        var drill: Target?

        init(_ plan: BackupPlan, _ state: BackupState, drill last: DrillState?) {
            schedule = plan.schedule
            error = state.copy.flatMap { $0.run == nil ? $0.summary : nil }
            incomplete = state.copy?.incomplete
            shrunk = state.copy?.shrunk
            targets = plan.targets.keys.sorted().map { Target($0, state.targets[$0]) }
            releases = plan.vendor == nil ? [] : plan.targets.keys.sorted().map { Target($0, of: state.releases?[$0]) }
            drill = last != nil || plan.drill != nil ? Target("drill", last?.attempt) : nil
        }
    }

    func backupLines(_ style: TextStyle) -> [String] {
        guard let backup else { return [] }
        var table = TextTable(indentation: 4)
        for target in backup.targets + backup.releases + [backup.drill].compactMap(\.self) {
            table.add(
                .init(target.name),
                .init(target.failed ? "failed" : target.run == nil ? "waiting" : "ok") {
                    target.failed ? style.bad($0) : style.good($0)
                },
                .init(target.time.map { style.time($0.moment) } ?? "not due yet"), .init(target.run ?? ""),
                .init(target.summary.printable))
        }
        let error = backup.error.map { [style.bad("    no backup could be made: \($0)".printable)] } ?? []
        return ["  backup (\(backup.schedule))"] + error + backup.gapLines(style) + table.lines
    }
}

extension StatusReport.Backup {
    fileprivate func gapLines(_ style: TextStyle) -> [String] {
        let gaps = (incomplete ?? [:]).sorted { $0.key < $1.key }.map { "'\($0)' \($1)" }.joined(separator: "; ")
        let small = (shrunk ?? [:]).sorted { $0.key < $1.key }.map { "'\($0)' is much smaller: \($1)" }
        return ((gaps.isEmpty ? [] : ["incomplete: \(gaps)"]) + small).map { style.bad("    \($0)".printable) }
    }
}

extension StatusReport.Backup.Target {
    fileprivate init(_ target: String, of release: BackupState.Release?) {
        name = "\(target), vendor's files"
        run = release?.version
        failed = (release?.failures ?? 0) > 0
        summary = release?.summary ?? ""
        time = release.map { ReportTime($0.ended) }
    }

    fileprivate init(_ name: String, _ attempt: BackupState.Attempt?) {
        self.name = name
        run = attempt?.run?.description
        failed = (attempt?.failures ?? 0) > 0
        summary = attempt?.summary ?? ""
        time = attempt.map { ReportTime($0.ended) }
    }
}
