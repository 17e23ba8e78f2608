internal import Model

/// Something else is to be brought back than what one brings that was cut off.
struct UnfinishedRollBack: Actionable {
    /// What that one brings back.
    let state: DeployedState

    var message: String {
        "cannot roll back: a roll back to \(state.desired.plan.version) (deployment \(state.deployment)) is not finished"
    }
    var hint: String { "'fairlead rollback' finishes it; then ask again" }
    var disposition: Disposition { .transient }
}

/// A roll back that was cut off goes on when what it needs is there again.
struct WaitingRollBack: Actionable {
    let rollBack: Int64
    let reason: any Error

    private var cause: (any Actionable)? { reason as? any Actionable }

    var message: String {
        "roll back #\(rollBack) was cut off, and cannot be finished yet: \(cause?.message ?? "\(reason)")"
    }
    var hint: String {
        let way = cause.map(\.hint) ?? ""
        return (way.isEmpty ? "" : "\(way); ")
            + "as soon as it is there, 'fairlead reconcile' finishes it, as does the next poll. Where the data is lost, "
            + "'fairlead teardown' ends it"
    }
    var disposition: Disposition { .transient }
}
