public import Model

extension ResolvedPlan {
    /// What is wrong with it on a host that takes `only` one stack.
    public func problem(asOnly only: String) -> PlanProblem? {
        guard stack != only else { return nil }
        return PlanProblem(
            file: "plan.json", pointer: "/stack",
            message: "the plan is of stack '\(stack)', and this host takes '\(only)' only",
            hint: "see that 'repository.url' is the right one; 'trust.stack' in the configuration of the host says so")
    }
}
