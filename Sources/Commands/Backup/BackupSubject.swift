internal import Planning

/// What incidents of backups are about: the names that the journal holds.
enum BackupSubject {
    static let copy = "backup"
    static let size = "backup size"
    static let paths = "backup paths"
    static let spool = "backup spool"
    static let drill = "backup drill"
    /// The cause of a drill that somebody asked for, of a plan that has none.
    static let unscheduled = "drill without a schedule"

    static func target(_ name: String) -> String { "backup target \(name)" }
    static func release(_ target: String) -> String { "release files at \(target)" }

    /// Those of `open` that `plan` does not have: of a target, the vendor's files, the drill, or of backups at all.
    static func ended(_ open: Set<String>, by plan: BackupPlan?) -> Set<String> {
        guard let plan else { return open }
        var kept: Set = [copy, size, paths, spool]
        if plan.drill != nil { kept.insert(drill) }
        for name in plan.targets.keys {
            kept.insert(target(name))
            if plan.vendor != nil { kept.insert(release(name)) }
        }
        return open.subtracting(kept)
    }
}
