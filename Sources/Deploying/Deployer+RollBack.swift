public import Model

extension Deployer {
    /// The copies of the data that can be put back, the newest first.
    public func snapshots() async throws -> [DataSnapshot] { try await ports.snapshots.snapshots() }

    /// Throws what keeps `request` from putting the data of before back now, such as a disk that is away. Touches nothing.
    public func checkRollBack(_ request: DeploymentRequest) async throws {
        let run = DeploymentRun(
            id: request.recovering?.id ?? 0, request: request, ports: ports, options: options,
            preemption: Preemption())
        try await SnapshotKeeper(run: run).prepare()
    }

    /// Closes the record of a roll back of `stack` that was cut off, and whose data of before is nowhere. Throws where that
    /// may be on a disk that is away; returns what it said.
    public func closeLost(_ unfinished: DeploymentRecord, of stack: String) async throws -> DeploymentError {
        try await ports.snapshots.checkLoss(of: stack)
        let run = unfinished.restored.map { "\($0)" } ?? ""
        let error = DeploymentError(
            "cut off in step '\(unfinished.lastStep)', and the data of run \(run) is not here any more",
            hint: "'fairlead rollback --list' shows what can be brought back", disposition: .permanent)
        try await ports.journal.end(
            unfinished.id, DeploymentEnd(outcome: .broken, error: error.message, hint: error.hint))
        return error
    }
}
