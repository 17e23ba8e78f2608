internal import Model

/// What to do about drift; a pure function of what is known.
enum DriftAction: Hashable {
    case nothing
    /// Told only.
    case report
    /// The containers of these names are made anew, or removed where the plan does not have them.
    case replace(Set<String>)
    /// The host's ports are led once more to the containers of these names.
    case renew(Set<String>)
    /// The host's side of the stack's network is made whole.
    case repairNetwork
    /// The whole stack is started from the saved plan.
    case establish

    /// `booted`: the host booted since the stack was last known to be whole.
    static func about(_ findings: [DriftFinding], plan: ResolvedPlan, booted: Bool) -> DriftAction {
        guard !findings.isEmpty else { return .nothing }
        // Nobody's doing: what the host stopped is started whatever the plan says of drift.
        if booted, !down(findings).isEmpty { return .establish }
        guard plan.drift == .repair else { return .report }
        if findings.contains(where: { $0.remedy == .establish }) || isDown(findings, plan) { return .establish }
        // First: what is made anew would be made on it.
        if findings.contains(where: { $0.remedy == .repairNetwork }) { return .repairNetwork }
        let names = Set(findings.filter { $0.remedy == .replace }.map(\.subject))
        guard names.isEmpty else { return .replace(names) }
        let dead = Set(findings.filter { $0.remedy == .renew }.map(\.subject))
        return dead.isEmpty ? .report : .renew(dead)
    }

    private static func down(_ findings: [DriftFinding]) -> Set<String> {
        Set(findings.filter { [.missing, .stopped].contains($0.kind) }.map(\.subject))
    }

    /// Whether nothing of the stack runs; a container that the health check gave up on starts nothing by itself.
    private static func isDown(_ findings: [DriftFinding], _ plan: ResolvedPlan) -> Bool {
        let down = down(findings)
        return down.isSuperset(of: plan.containers.keys)
            && findings.contains { $0.remedy == .replace && down.contains($0.subject) }
    }
}
