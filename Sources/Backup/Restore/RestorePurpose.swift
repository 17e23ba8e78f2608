internal import Files
internal import Model

/// What runs are fetched for.
enum RestorePurpose: Equatable, Sendable {
    /// The stack is going to work with the data.
    case deployment
    /// People look at it.
    case reading
    /// A plan of another name is started on what this stack saved.
    case rehearsal(of: String)

    /// Whose backups `plan` gets.
    func archivedStack(of plan: ResolvedPlan) -> String {
        if case .rehearsal(let stack) = self { stack } else { plan.stack }
    }

    /// No target has run `run`.
    func hasNot(_ run: BackupRunID) -> HostError {
        switch self {
        case .deployment:
            HostError(
                "'restore' names run \(run), which no target has",
                hint: "'fairlead backup list' shows what there is; or let 'restore' be \"newest\"")
        case .reading, .rehearsal:
            HostError("no target has such a run \(run)", hint: "'fairlead backup list' shows what there is")
        }
    }

    /// What to do where data was lost before it was saved; `run` still holds it.
    func insteadOfShrunk(_ run: BackupRunID) -> String {
        switch self {
        case .deployment: "where that is not meant, restore the earlier one: \"restore\": \"\(run)\""
        case .reading, .rehearsal: "'fairlead backup restore \(run) --to DIR' brings the earlier one"
        }
    }

    /// What to do where there are runs and none can be used; `isNamed`: the plan names the run, `isWhole`: of what it holds
    /// nothing is damaged.
    func withoutUsableRuns(isNamed: Bool, isWhole: Bool) -> String {
        switch self {
        case .deployment where isNamed:
            (isWhole ? "" : "mend the storage or 'backup.signers', or ")
                + "remove 'restore': the newest run that holds it is taken"
        case .deployment:
            "mend the storage or 'backup.signers', pin a good run with 'restore', or begin with empty data: "
                + "\"restore\": \"never\""
        case .reading: "mend the storage or 'backup.signers', or name another run; 'fairlead backup list' shows them"
        case .rehearsal:
            "a recovery would end like this: mend the storage or 'backup.signers', then 'fairlead backup now'"
        }
    }
}
