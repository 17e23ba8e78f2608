internal import Files
internal import HostSystem
internal import Model

/// A copy that takes the place of the data, and the place that the data goes to.
///
/// One data directory comes after the other, and each of them is whole at any moment in one of both places: so an exchange
/// that was cut off is finished by doing it again.
struct SnapshotExchange: Codable, Sendable {
    /// Used up by it.
    let snapshot: DataSnapshot
    /// Of the data that was there until then.
    let aside: DataSnapshot
    /// How each data directory of the copy lay when it began; absent in what an older Fairlead began.
    var places: [String: ExchangePlace]?

    /// `progress` is told what was reached. Returns what was set aside.
    func carryOut(
        in directories: DataDirectories, of host: HostSystem, progress: @escaping @Sendable (String) -> Void
    ) async throws(HostError) -> DataSnapshot {
        let (source, target) = (source(in: directories), target(in: directories))
        try check(in: directories)
        try source.unmark()
        for volume in snapshot.volumes {
            if try isCopied(volume, in: source) {
                try await MountedExchange(host: host, volume: volume, source: source, target: target)
                    .carryOut(wasThere: wasThere(volume), progress)
            } else {
                try await Self.blocking { () throws(HostError) in
                    try rename(volume, from: source, to: target, progress)
                }
            }
            progress("\(volume) put back")
        }
        return try await Self.blocking { () throws(HostError) in
            for volume in snapshot.absent where try SnapshotPlace.exists(source.directory(of: volume)) {
                try setAside(volume, from: source, to: target)
            }
            var left = aside
            left.volumes = try DirectoryContent.names(in: target.content).sorted()
            // Of what was not there, or not whole, nothing can be brought back.
            let isWhole = Set(left.volumes).isSuperset(of: snapshot.volumes)
            if !isWhole || (places ?? [:]).values.contains(where: \.isUnfinished) { left.state = nil }
            try target.complete(left)
            progress("exchanged")
            try target.endExchange()
            try source.remove()
            return left
        }
    }

    /// Throws where a data directory that it has still to set aside, or whose content it exchanges, is not what it was when it
    /// began.
    func check(in directories: DataDirectories) throws(HostError) {
        let (source, target) = (source(in: directories), target(in: directories))
        for (volume, place) in (places ?? [:]).sorted(by: { $0.key < $1.key }) {
            let isDone = try !SnapshotPlace.exists(source.copy(of: volume))
            // One whose content is exchanged is itself the same all the time.
            guard !isDone || place.copies && place.mark != nil else { continue }
            if place.copies, !isDone, let mount = try source.mountsBelow([volume]).first {
                throw HostError(
                    "the roll back to run \(snapshot.run) is half done, and '\(source.stackDirectory)/\(mount)' is a file system "
                        + "of its own inside a data directory that it empties",
                    hint: "unmount it; then \(way), and mount it again", disposition: .transient)
            }
            let (isAside, directory) = (try SnapshotPlace.exists(target.copy(of: volume)), source.directory(of: volume))
            guard place.copies || !isAside, try !place.isSame(as: directories.mark(of: volume)) else { continue }
            // It was made for what is being copied.
            if place.mark == nil, try RestoreMark.isSet(for: directory) { continue }
            throw HostError(
                "the roll back to run \(snapshot.run) is half done, and '\(directory)' is not what it was",
                hint: "mount its disk, or move it back; then \(way)", disposition: .transient)
        }
    }

    /// Puts all back as it was, after an error.
    func undo(in directories: DataDirectories, of host: HostSystem) async throws(HostError) {
        let (source, target) = (source(in: directories), target(in: directories))
        for volume in snapshot.volumes.reversed() {
            if try isCopied(volume, in: source) {
                let exchange = MountedExchange(host: host, volume: volume, source: source, target: target)
                try await exchange.undo(wasThere: wasThere(volume))
            } else {
                try await Self.blocking { () throws(HostError) in try renameBack(volume, from: source, to: target) }
            }
        }
        try await Self.blocking { () throws(HostError) in
            for volume in snapshot.absent where try SnapshotPlace.exists(target.copy(of: volume)) {
                try SnapshotPlace.move(target.copy(of: volume), to: source.directory(of: volume))
            }
            for (volume, place) in places ?? [:] where place.isUnfinished {
                try RestoreMark.set(for: source.directory(of: volume))
            }
            try source.complete(snapshot)
            try target.endExchange()
            try target.remove()
        }
    }

    /// What finishes it.
    var way: String {
        let number = snapshot.state.map { " --to \($0.deployment)" } ?? ""
        return "'fairlead rollback\(number)' finishes it"
    }

    private func source(in directories: DataDirectories) -> SnapshotPlace {
        SnapshotPlace(stackDirectory: directories.stackDirectory, run: snapshot.run)
    }

    private func target(in directories: DataDirectories) -> SnapshotPlace {
        SnapshotPlace(stackDirectory: directories.stackDirectory, run: aside.run)
    }

    private func isCopied(_ volume: String, in source: SnapshotPlace) throws(HostError) -> Bool {
        if let place = places?[volume] { return place.copies }
        return try OwnDisk.isMounted(source.directory(of: volume))
    }

    private func wasThere(_ volume: String) -> Bool { places?[volume].map { $0.mark != nil } ?? true }

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
            // It said that what was there was not complete. What has such a mark is emptied: so it goes before the copy comes.
            try RestoreMark.remove(for: source.directory(of: volume))
            progress("\(volume) set aside")
            try SnapshotPlace.move(source.copy(of: volume), to: source.directory(of: volume))
        }
        // Of one that an older Fairlead exchanged until it was cut off.
        try RestoreMark.remove(for: source.directory(of: volume))
    }

    private func renameBack(
        _ volume: String, from source: SnapshotPlace, to target: SnapshotPlace
    ) throws(HostError) {
        let directory = source.directory(of: volume)
        if try !SnapshotPlace.exists(source.copy(of: volume)) {
            try SnapshotPlace.move(directory, to: source.copy(of: volume))
        }
        if try SnapshotPlace.exists(target.copy(of: volume)) {
            try SnapshotPlace.move(target.copy(of: volume), to: directory)
        }
    }

    private func setAside(
        _ volume: String, from source: SnapshotPlace, to target: SnapshotPlace
    ) throws(HostError) {
        let directory = source.directory(of: volume)
        guard try SnapshotPlace.exists(directory) else { return }
        guard try !SnapshotPlace.exists(target.copy(of: volume)) else {
            throw HostError(
                "cannot put back '\(directory)': it was set aside, and something was made in its place since",
                hint: "move '\(directory)' away; then \(way)")
        }
        try SnapshotPlace.move(directory, to: target.copy(of: volume))
    }
}
