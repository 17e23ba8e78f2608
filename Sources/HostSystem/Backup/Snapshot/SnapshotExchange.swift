internal import Planning

/// A copy that takes the place of the data, and the place that the data goes to.
///
/// One data directory comes after the other, and each of them is whole at any moment in one of both places: so an exchange
/// that was cut off is finished by doing it again.
struct SnapshotExchange: Codable, Sendable {
    /// Used up by it.
    let snapshot: DataSnapshot
    /// Of the data that was there until then.
    let aside: DataSnapshot

    /// `progress` is told what was reached. Returns what was set aside.
    func carryOut(
        in stackDirectory: String, of host: HostSystem, progress: @escaping @Sendable (String) -> Void
    ) async throws(HostError) -> DataSnapshot {
        let source = SnapshotPlace(stackDirectory: stackDirectory, run: snapshot.run)
        let target = SnapshotPlace(stackDirectory: stackDirectory, run: aside.run)
        try source.unmark()
        for volume in snapshot.volumes {
            if try OwnDisk.isMounted(source.directory(of: volume)) {
                try await MountedExchange(host: host, volume: volume, source: source, target: target).carryOut(progress)
            } else {
                try await Self.blocking { () throws(HostError) in
                    try rename(volume, from: source, to: target, progress)
                }
            }
            progress("\(volume) put back")
        }
        let left = try await Self.blocking { () throws(HostError) in
            for volume in snapshot.absent where try SnapshotPlace.exists(source.directory(of: volume)) {
                try setAside(volume, from: source, to: target)
            }
            var left = aside
            left.volumes = try DirectoryContent.names(in: target.content).sorted()
            try target.complete(left)
            progress("exchanged")
            try target.endExchange()
            try source.remove()
            return left
        }
        return left
    }

    private static func blocking<Value: Sendable>(
        _ work: @escaping @Sendable () throws(HostError) -> Value
    ) async throws(HostError) -> Value {
        try await BlockingWork.run("put the data of before in place", deadline: .seconds(3600), work)
    }

    private func rename(
        _ volume: String, from source: SnapshotPlace, to target: SnapshotPlace, _ progress: (String) -> Void
    ) throws(HostError) {
        if try SnapshotPlace.exists(source.copy(of: volume)) {
            try setAside(volume, from: source, to: target)
            progress("\(volume) set aside")
            try SnapshotPlace.move(source.copy(of: volume), to: source.directory(of: volume))
        }
        // It said that what was there was not complete.
        try RestoreMark.remove(for: source.directory(of: volume))
    }

    private func setAside(
        _ volume: String, from source: SnapshotPlace, to target: SnapshotPlace
    ) throws(HostError) {
        let directory = source.directory(of: volume)
        guard try SnapshotPlace.exists(directory) else { return }
        guard try !SnapshotPlace.exists(target.copy(of: volume)) else {
            throw HostError(
                "cannot put back '\(directory)': it was set aside, and something was made in its place since",
                hint: "move '\(directory)' away; then the same again")
        }
        try SnapshotPlace.move(directory, to: target.copy(of: volume))
    }
}
