internal import Planning

/// Which data directories a deployment fills from backups; a pure function of what is known.
enum RestoreChoice: Equatable {
    case fill(Set<String>)
    /// Data that what is deployed works with is gone, and nobody has said yet that it is lost.
    case lost([String])

    /// `inUse` are the data directories of what counts as deployed.
    static func about(
        _ conditions: [String: DataCondition], inUse: Set<String>, trigger: DeploymentTrigger
    ) -> Self {
        let names = { (wanted: DataCondition) in Set(conditions.filter { $0.value == wanted }.keys) }
        let (missing, unfinished) = (names(.missing), names(.unfinished))
        // Maybe its disk is not mounted: older data in its place would look as if all since then were lost.
        let gone = restarts(trigger) ? missing.union(unfinished) : missing.intersection(inUse)
        guard gone.isEmpty || trigger == .manual else { return .lost(gone.sorted()) }
        if restarts(trigger) { return .fill([]) }
        // One that is in use and empty was emptied by its service: old entries of a queue must not come back.
        return .fill(unfinished.union(missing).union(names(.empty).subtracting(inUse)))
    }

    private static func restarts(_ trigger: DeploymentTrigger) -> Bool { trigger == .boot || trigger == .drift }
}
