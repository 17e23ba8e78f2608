internal import Model

/// The policy of the host has become narrower since what would come back was accepted.
struct RefusedRollBack: Actionable {
    let state: DeployedState
    let objection: PlanProblems

    var message: String {
        "cannot roll back to \(state.desired.plan.version) (deployment \(state.deployment)): \(objection.message)"
    }
    var hint: String { "" }
    var disposition: Disposition { .permanent }
}
