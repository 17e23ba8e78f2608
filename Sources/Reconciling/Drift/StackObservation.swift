internal import Model

/// What was seen of the stack at one moment, and what differs from what was deployed.
struct StackObservation: Sendable {
    let deployed: DeployedState
    let observed: ObservedStack
    /// The host booted since the stack was last known to be whole.
    let booted: Bool
    var findings: [DriftFinding]

    init(_ deployed: DeployedState, _ observed: ObservedStack, booted: Bool) {
        self.deployed = deployed
        self.observed = observed
        self.booted = booted
        findings = DriftComparison(deployed, observed).findings
    }

    var plan: ResolvedPlan { deployed.desired.plan }

    /// What the engine started by itself on data that is not theirs is stopped, whatever the plan says of drift: after a boot
    /// the whole stack.
    var action: DriftAction {
        if booted, !observed.changedData.isEmpty { return .establish }
        let action = DriftAction.about(findings, plan: plan, booted: booted)
        guard !observed.strayed.isEmpty else { return action }
        return switch action {
        case .establish: .establish
        case .replace(let names): .replace(names.union(observed.strayed))
        case .nothing, .report, .renew, .repairNetwork: .replace(observed.strayed)
        }
    }

    /// Whether containers may have to be made, or stopped.
    var needsHands: Bool { action != .nothing && action != .report }

    /// With the findings that `earlier` had as well: between an exit and the next start by the engine a container is
    /// stopped as well, and such a moment is nobody's doing.
    func confirming(_ earlier: StackObservation) -> StackObservation {
        var look = self
        look.findings = findings.filter { finding in
            earlier.findings.contains { $0.subject == finding.subject && $0.kind == finding.kind }
                && restarts(of: finding.subject) == earlier.restarts(of: finding.subject)
        }
        return look
    }

    /// By container id; the engine's restarts keep the id.
    private func restarts(of name: String) -> [String: Int] {
        let own = observed.containers(named: name, of: plan.stack)
        return Dictionary(own.map { ($0.id, $0.restarts) }) { first, _ in first }
    }
}
