/// Which data is copied before a deployment: a pure function of the plan that is deployed and the one that comes.
public struct SnapshotScope: Hashable, Sendable {
    /// Data directories that the deployed plan works with.
    public let volumes: Set<String>
    /// Those that only the new plan has: copied where something lies there already.
    public let further: Set<String>
    /// Those that the plan does not want to be saved.
    public let leftOut: Set<String>

    /// `replacing`: these containers only; `nil` is the whole stack. `nil` where no copy is made: nothing is deployed, the
    /// plan wants none, or no container with data is stopped.
    public init?(from old: ResolvedPlan?, to new: ResolvedPlan, replacing: Set<String>?) {
        guard let old, new.makesSnapshots else { return nil }
        let stopped = old.containers.filter { replacing?.contains($0.key) ?? true }.values
        let names = Set(stopped.flatMap(\.dataNames))
        let mounts = stopped.flatMap(\.volumes)
        leftOut = names.filter { name in
            mounts.allSatisfy { $0.source != .data(name) || $0.backup?.mode == VolumeBackup.Mode.none }
        }
        volumes = names.subtracting(leftOut)
        further = replacing == nil && old.stack == new.stack ? new.dataNames.subtracting(old.dataNames) : []
        guard !volumes.isEmpty else { return nil }
    }
}
