internal import Model

/// What to do about a candidate; a pure function of what is known.
enum Decision: Equatable {
    case nothing
    /// Tried before; not now, or not again without an operator.
    case remembered(FailedPlan)
    case deploy(DeploymentTrigger)

    /// `force`: deploy although nothing differs. `unfinished`: a deployment was cut off, so the stack is not whole. `isLifted`: it
    /// failed before, and an operator wants it tried again.
    static func about(
        isDeployed: Bool, onlyHotfixes: Bool, failure: FailedPlan?, isLifted: Bool = false, unfinished: Bool,
        force: Bool,
        now: Timestamp
    ) -> Decision {
        if unfinished { return .deploy(.recovery) }
        if force { return .deploy(.manual) }
        if isDeployed { return .nothing }
        guard let failure else { return .deploy(isLifted ? .retry : onlyHotfixes ? .hotfix : .commit) }
        return failure.isHeldBack(at: now) ? .remembered(failure) : .deploy(.retry)
    }
}
