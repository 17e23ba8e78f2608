internal import Model

/// What a deployment does about the data of before; a pure function of what is known.
enum SnapshotChoice: Equatable {
    case take(NewSnapshot)
    /// The deployment that this one finishes made it; since then a newer version may have changed the data.
    case keep(DataSnapshot)
    case nothing

    /// `existing`: the copies that there are.
    static func about(_ request: DeploymentRequest, deployment: Int64, existing: [DataSnapshot]) -> Self {
        let plan = request.desired.plan
        guard request.touchesContainers, !request.restarts, request.restoring == nil,
            let previous = request.previous?.state,
            let scope = SnapshotScope(from: previous.desired.plan, to: plan, replacing: request.replacing)
        else { return .nothing }
        if request.recovering != nil {
            let newer = existing.filter { $0.deployment > previous.deployment }
            if let made = newer.filter({ $0.origin == .copied }).max(by: { $0.run < $1.run }) { return .keep(made) }
            // Put back already by the roll back that was cut off: it is the data of before again.
            let isRestored = newer.contains { $0.origin == .setAside }
            guard isRestored || !request.dataMayHaveChanged else { return .nothing }
        }
        return .take(
            NewSnapshot(
                deployment: deployment, stack: previous.desired.plan.stack, state: previous, volumes: scope.volumes,
                further: scope.further, leftOut: scope.leftOut))
    }
}

extension DeploymentRequest {
    /// Whose the data is that a roll back to `snapshot` sets aside: what counts as deployed, unless a newer version may have
    /// changed it. `existing`: the copies that there are.
    func owner(ofDataBefore snapshot: DataSnapshot, existing: [DataSnapshot]) -> DeployedState? {
        guard restoring != nil, !dataMayHaveChanged, let deployed = previous?.state else { return nil }
        // What made that copy was cut off, and may have begun.
        let isChanged = existing.contains {
            $0.origin == .copied && $0.stack == snapshot.stack && $0.deployment > deployed.deployment
        }
        return isChanged ? nil : deployed
    }

    /// Whether containers of a newer version may have run before this deployment began.
    var dataMayHaveChanged: Bool {
        guard let recovering else { return false }
        // That one may have finished another.
        return recovering.trigger.purpose.continuesAnother
            || recovering.steps.contains { [.create, .finalise, .rollBack].contains($0.step) }
    }
}
