public import Model

/// What an incident of Fairlead's own is about; one is open of each at most.
public enum IncidentSubject: Hashable, Sendable {
    /// A plan was refused, or its deployment failed.
    case stack
    /// The saved plan could not be started again.
    case boot
    /// State or data are another machine's, which holds the host back.
    case machine
    /// The stack moves to another host.
    case move
    /// The customer repo is out of reach.
    case repository
    /// The branch may be frozen.
    case branch
    /// Another list of signers counts.
    case signers
    /// All that differs from what was deployed and is only told of.
    case drift
    /// The repair of one container failed.
    case container(String)
    case backup(BackupSubject)

    public var kind: IncidentRecord.Kind {
        switch self {
        case .stack, .boot, .machine, .move: .deployment
        case .repository, .branch, .signers: .repository
        case .drift, .container: .drift
        case .backup: .backup
        }
    }

    /// As the journal and reports have it.
    public var name: String {
        switch self {
        case .stack, .drift: "stack"
        case .boot: "boot"
        case .machine: "host"
        case .move: "move"
        case .repository: "repository"
        case .branch: "branch"
        case .signers: "signers"
        case .container(let name): name
        case .backup(let subject): subject.name
        }
    }

    /// Whether `record` is about it.
    public func isSubject(of record: IncidentRecord) -> Bool { record.kind == kind && record.subject == name }
}
