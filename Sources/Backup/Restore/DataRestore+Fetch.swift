public import Files
public import Model

extension DataRestore {
    /// Brings what fills the data directories `names`, checked and unpacked, beside them; touches none of them. What no
    /// backup holds is left out, and what an operator imported. `note` is told what an operator should know.
    ///
    /// Each gets the newest valid run of `origin` that holds it, of any target; a run that is not valid is
    /// passed over. What no run holds comes from the vendor's vanilla backup of the plan's version, but for those of `lost`,
    /// which held data on this host. That nothing usable is left of what there was is an error.
    public func fetchData(
        for names: Set<String>, lost: Set<String> = [], of plan: ResolvedPlan, from origin: RestoreOrigin = .stack,
        secrets: Secrets, note: @escaping @Sendable (String) -> Void
    ) async throws(HostError) -> RestoreFetch {
        let staged = try staged(of: plan.stack)
        let names = names.subtracting(staged.filter { $0.kind == .import && $0.origin() != nil }.map(\.name))
        for staged in staged where staged.kind == .restore && !names.contains(staged.name) {
            try await remove(staged)
        }
        guard let backup = plan.backup, !names.isEmpty else { return RestoreFetch() }
        var search = RestoreSearch(
            restore: self, plan: plan, backup: backup, origin: origin, secrets: secrets, note: note)
        let unfilled = try await search.fill(names)
        var missing = unfilled.subtracting(lost)
        if let vendor = backup.vendor, [.newest, .required].contains(backup.restore), purpose == .deployment,
            !missing.isEmpty
        {
            let vanilla = VanillaFetch(
                restore: self, plan: plan, targets: search.usableTargets, vendor: vendor, secrets: secrets, note: note)
            missing = try await vanilla.fill(missing)
        }
        if backup.restore == .required, let name = missing.min() { throw Self.noBackup(of: name) }
        for name in missing.sorted() { note("no backup holds data directory '\(name)': it starts empty") }
        return RestoreFetch(
            passedOver: search.passedOver,
            unfilled: missing.union(unfilled.union(search.leftEmpty).intersection(lost)), partial: search.partial)
    }

    private static func noBackup(of name: String) -> HostError {
        HostError(
            "no backup holds data directory '\(name)', and the plan wants one: \"restore\": \"required\"",
            hint:
                "see that 'targets' and 'stack' are right ('fairlead backup list'); where it is meant to begin empty, "
                + "commit \"restore\": \"newest\"")
    }
}
