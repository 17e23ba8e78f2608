public import Model

/// What an incident of backups is about.
public enum BackupSubject: Hashable, Sendable {
    /// The run itself.
    case copy
    case size
    case paths
    case spool
    case drill
    case target(String)
    /// The vendor's files at a target.
    case release(String)

    /// The cause of a drill that somebody asked for, of a plan that has none.
    public static let unscheduled = "drill without a schedule"

    /// As the journal and reports have it.
    public var name: String {
        switch self {
        case .copy: "backup"
        case .size: "backup size"
        case .paths: "backup paths"
        case .spool: "backup spool"
        case .drill: "backup drill"
        case .target(let name): "backup target \(name)"
        case .release(let target): "release files at \(target)"
        }
    }

    /// What can go wrong with the backups of `plan`; nothing where it has none.
    public static func all(of plan: BackupPlan?) -> Set<Self> {
        guard let plan else { return [] }
        var subjects: Set<Self> = [.copy, .size, .paths, .spool]
        if plan.drill != nil { subjects.insert(.drill) }
        for name in plan.targets.keys {
            subjects.insert(.target(name))
            if plan.vendor != nil { subjects.insert(.release(name)) }
        }
        return subjects
    }
}
