internal import Glibc
internal import Planning
internal import Processes

/// Copies directories on their own host, while nothing writes them.
struct SnapshotCopy: Sendable {
    let host: HostSystem
    /// Remembers the process that copies.
    let place: SnapshotPlace

    /// Of one data directory into the place.
    func copy(_ volume: String) async throws(HostError) {
        try await copy(place.directory(of: volume), to: place.copy(of: volume), of: volume)
    }

    /// With everything that a file system knows of a file; blocks are shared where that is possible. `volume` is for errors.
    func copy(_ source: String, to target: String, of volume: String) async throws(HostError) {
        place.endOrphan()
        let script = #"echo $$ >"$0" && exec cp --archive --reflink=auto --one-file-system -- "$1" "$2""#
        let command = Command(
            try host.command("sh"), ["-c", script, place.processFile, source, target],
            environment: Command.plainEnvironment.merging(["PATH": host.configuration.commandPath]) { $1 },
            deadline: .seconds(24 * 3600))
        let watch = SpaceWatch(path: PathName.directory(of: target), minimum: host.configuration.minimumFreeSpace)
        switch await watch.run(command) {
        case .ended(.success): return
        case .ended(.failure(let failure)) where failure.reason.isOwn:
            throw HostError(
                "data directory '\(volume)' cannot be copied: \(failure.tail)",
                hint: "mend what the message names; or \(SnapshotRoom.refusal)", disposition: .transient)
        case .ended(.failure(let failure)):
            throw HostError("the copy of data directory '\(volume)' was ended: \(failure)", disposition: .transient)
        case .full(let free):
            throw HostError(
                "the copy of data directory '\(volume)' would fill the disk: \(free.rounded) are left",
                hint: "free some space there; or \(SnapshotRoom.refusal)", disposition: .transient)
        }
    }
}

extension CommandFailure.Reason {
    /// The program itself gave up.
    fileprivate var isOwn: Bool {
        if case .exited = self { return true }
        return false
    }
}
