internal import Files
internal import Glibc
internal import HostSystem
internal import Model
internal import Processes

/// Copies directories on their own host, while nothing writes them.
struct SnapshotCopy: Sendable {
    let host: HostSystem
    /// Remembers the process that copies.
    let place: SnapshotPlace

    /// Of one data directory into the place. Returns what is left out, as no program could name it.
    func copy(_ volume: String) async throws(HostError) -> DeepDirectories {
        let (source, target) = (place.directory(of: volume), place.copy(of: volume))
        let deep = try await BlockingWork.run("look through data directory '\(volume)'", deadline: .seconds(3600)) {
            () throws(HostError) in DeepDirectories(in: source)
        }
        guard !deep.paths.isEmpty, !deep.areCountless else {
            try await copy(source, to: target, of: volume)
            return deep
        }
        let list = "\(target).left-out"
        try AtomicFile.write(deep.patterns(after: "./"), to: list)
        try await run(Self.leavingOut, [source, target, list], of: volume)
        return deep
    }

    /// `cp` can leave nothing out.
    private static let leavingOut = #"""
        set -o pipefail
        all=(--numeric-owner --xattrs '--xattrs-include=*' --acls --sparse)
        echo $$ >"$0" && mkdir -- "$2" || exit
        tar --create --file=- --directory="$1" --one-file-system "${all[@]}" --anchored --wildcards             --wildcards-match-slash --exclude-from="$3" . |
            tar --extract --file=- --directory="$2" --same-owner --same-permissions "${all[@]}" && rm -- "$3"
        """#

    /// With everything that a file system knows of a file; blocks are shared where that is possible. `volume` is for errors.
    func copy(_ source: String, to target: String, of volume: String) async throws(HostError) {
        let script = #"echo $$ >"$0" && exec cp --archive --reflink=auto --one-file-system -- "$1" "$2""#
        try await run(script, [source, target], of: volume)
    }

    /// `paths`: whence, whither.
    private func run(_ script: String, _ paths: [String], of volume: String) async throws(HostError) {
        place.endOrphan()
        let command = Command(
            try host.command("bash"), ["-c", script, place.processFile] + paths,
            environment: Command.plainEnvironment.merging(["PATH": host.configuration.commandPath]) { $1 },
            deadline: .seconds(24 * 3600))
        let watch = SpaceWatch(path: PathName.directory(of: paths[1]), minimum: host.configuration.minimumFreeSpace)
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
