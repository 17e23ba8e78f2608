public import Planning

extension DataSnapshots {
    /// Throws what would keep `exchange` from being done.
    public func checkExchange(_ snapshot: DataSnapshot) async throws(HostError) {
        let place = place(snapshot)
        var mounted: [String] = []
        for volume in snapshot.volumes {
            // Of one that is being exchanged, some are in place already.
            let isThere = try FileStatus.at(place.copy(of: volume)).kind == .directory
            if !isThere, try place.manifest() != nil {
                throw HostError(
                    "the copy of data directory '\(volume)' in run \(snapshot.run) is gone: '\(place.copy(of: volume))'",
                    hint: "'fairlead rollback --list' shows other copies")
            }
            if try OwnDisk.isMounted(place.directory(of: volume)) { mounted.append(volume) }
        }
        let room = SnapshotRoom(host: host, stackDirectory: place.stackDirectory, purpose: .settingAside)
        try await room.check(mounted)
    }

    /// What is there becomes the snapshot `aside`, which is returned; `snapshot` is used up. Once begun it is finished,
    /// here or by `settle`.
    public func exchange(
        _ snapshot: DataSnapshot, settingAside aside: NewSnapshot, progress: @escaping @Sendable (String) -> Void
    ) async throws(HostError) -> DataSnapshot {
        let target = SnapshotPlace(stackDirectory: stackDirectory(snapshot.stack), run: try newRun(of: snapshot.stack))
        let exchange = SnapshotExchange(
            snapshot: snapshot,
            aside: DataSnapshot(
                run: target.run, origin: .setAside, deployment: aside.deployment, stack: snapshot.stack,
                state: aside.state,
                replacement: DataSnapshot.Replacement(run: snapshot.run, state: snapshot.state)))
        try target.begin()
        try target.begin(exchange)
        progress("exchange begun")
        return try await exchange.carryOut(in: target.stackDirectory, of: host, progress: progress)
    }
}
