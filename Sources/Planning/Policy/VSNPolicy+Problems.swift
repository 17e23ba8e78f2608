public import Model

extension VSNPolicy {
    /// What `plan` does that the VSN does not allow. `deployed` is what it would replace; without it nothing shrinks.
    ///
    /// Pointers are those of the merged plan; lines are added by the resolver.
    public func problems(of plan: ResolvedPlan, deployed: ResolvedPlan? = nil) -> [PlanProblem] {
        PolicyRule.all.flatMap { $0.problems(self, plan) }
            + (deployed.flatMap { shrinkProblem(from: $0, to: plan) }.map { [$0] } ?? [])
    }

    /// What speaks against bringing `plan` back, which was accepted by the policy of its time.
    public func objection(to plan: ResolvedPlan) -> PlanProblems? {
        let found = problems(of: plan).filter { $0.severity == .error }
        return found.isEmpty ? nil : PlanProblems(found)
    }

    /// A container of another name in its place is no loss: of its data `DataSuccession` takes care.
    private func shrinkProblem(from deployed: ResolvedPlan, to plan: ResolvedPlan) -> PlanProblem? {
        let dropped = Set(deployed.containers.keys).subtracting(plan.containers.keys)
        let lost = deployed.containers.count - plan.containers.count
        guard lost * 100 > deployed.containers.count * maximumShrink, lost > 0 else { return nil }
        let needed = (lost * 100 + deployed.containers.count - 1) / deployed.containers.count
        return PlanProblem(
            file: PlanResolver.planFile, pointer: "/containers",
            message:
                "the plan drops \(dropped.count) of \(deployed.containers.count) containers (\(dropped.quotedList)); "
                + "a loss of more than \(maximumShrink) percent is not allowed on this VSN",
            hint: "where that is meant, drop them in several commits, each deployed before the next, or set "
                + "'policy.maximumShrink' in the VSN's configuration to \(needed) until it is deployed")
    }
}
