public import Files
internal import HostSystem
public import Model

extension DataSnapshots {
    /// Throws what would keep `exchange` from being done.
    public func checkExchange(_ snapshot: DataSnapshot) async throws(HostError) {
        let place = place(snapshot)
        var mounted: [String] = []
        for volume in snapshot.volumes {
            // Of one that is being exchanged, some are in place already.
            if try place.manifest() != nil { try place.checkCopy(of: volume, in: snapshot) }
            if try ExchangePlace.needsCopying(volume, place) { mounted.append(volume) }
        }
        if let mount = try place.mountsBelow(snapshot.volumes).first {
            throw HostError(
                "'\(place.stackDirectory)/\(mount)' is a file system of its own inside a data directory: what takes the "
                    + "place of the directory would hide it",
                hint: "unmount it, roll back, and mount it again")
        }
        for path in place.movedPaths(snapshot.volumes) { try SnapshotPlace.checkMoving(path) }
        let room = SnapshotRoom(host: host, stackDirectory: place.stackDirectory, purpose: .settingAside)
        try await room.check(mounted)
    }

    /// Throws what keeps `settle` from being right: an exchange is half done that does not put `wanted` back, unless
    /// `finishing` a deployment that was cut off; or a data directory is not what it was when the exchange began.
    public func checkSettling(for wanted: DataSnapshot?, finishing: Bool) async throws(HostError) {
        try await BlockingWork.run("look for a roll back that is half done") { () throws(HostError) in
            for (exchange, directories) in try exchanges() {
                let snapshot = exchange.snapshot
                guard finishing || wanted.map({ $0.run == snapshot.run && $0.stack == snapshot.stack }) == true else {
                    throw HostError(
                        "the roll back to run \(snapshot.run) is half done: some of the data is of before, some is not",
                        hint: exchange.way)
                }
                try exchange.check(in: directories)
            }
        }
    }

    /// What is there becomes the snapshot `aside`, which is returned; `snapshot` is used up. After an error all is as it
    /// was; what is cut off is finished by `settle`, as is what could not be undone.
    public func exchange(
        _ snapshot: DataSnapshot, settingAside aside: NewSnapshot, progress: @escaping @Sendable (String) -> Void
    ) async throws(HostError) -> DataSnapshot {
        let exchange = try begin(snapshot, settingAside: aside)
        progress("exchange begun")
        let directories = host.dataDirectories(of: snapshot.stack)
        do throws(HostError) {
            return try await exchange.carryOut(in: directories, of: host, progress: progress)
        } catch {
            guard !Task.isCancelled else { throw error }
            try await undo(exchange, in: directories, after: error)
            throw error
        }
    }

    /// Says on stable storage what is going to be done.
    func begin(
        _ snapshot: DataSnapshot, settingAside aside: NewSnapshot
    ) throws(HostError) -> SnapshotExchange {
        let target = SnapshotPlace(stackDirectory: stackDirectory(snapshot.stack), run: try newRun(of: snapshot.stack))
        var exchange = SnapshotExchange(
            snapshot: snapshot,
            aside: DataSnapshot(
                run: target.run, origin: .setAside, deployment: aside.deployment, stack: snapshot.stack,
                state: aside.state,
                replacement: DataSnapshot.Replacement(run: snapshot.run, state: snapshot.state)))
        let directories = host.dataDirectories(of: snapshot.stack)
        var places: [String: ExchangePlace] = [:]
        for volume in snapshot.volumes {
            places[volume] = try ExchangePlace(of: volume, in: directories, copiedTo: place(snapshot))
        }
        exchange.places = places
        try target.begin()
        try target.begin(exchange)
        return exchange
    }

    private func undo(
        _ exchange: SnapshotExchange, in directories: DataDirectories, after error: HostError
    ) async throws(HostError) {
        do throws(HostError) {
            try await exchange.undo(in: directories, of: host)
        } catch let second {
            throw HostError(
                "\(error.message); and what was done of it could not be undone: \(second.message)",
                hint: "mend what the messages name; then \(exchange.way)", disposition: error.disposition)
        }
    }
}

extension SnapshotPlace {
    /// Throws when the copy is not what was made.
    fileprivate func checkCopy(of volume: String, in snapshot: DataSnapshot) throws(HostError) {
        let path = copy(of: volume)
        let isThere = try FileStatus.at(path).kind == .directory
        let wasFilled = snapshot.held?.contains(volume) == true
        var isEmptied = false
        if isThere, wasFilled { isEmptied = try DirectoryContent.names(in: path).isEmpty }
        guard !isThere || isEmptied else { return }
        throw HostError(
            "the copy of data directory '\(volume)' in run \(snapshot.run) is \(isThere ? "empty now" : "gone"): '\(path)'",
            hint: "'fairlead rollback --list' shows other copies")
    }
}
