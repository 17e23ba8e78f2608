internal import Files
internal import HostSystem
internal import Model

/// Brings files of a release from one storage to this host.
struct ReleaseFetch: Sendable {
    let host: HostSystem
    let kept: KeptRelease
    let store: BackupStore
    /// Of the files in the storage.
    let path: String
    let signed: SignedSums

    enum Outcome: Sendable {
        /// What was brought; an earlier try may have brought the rest.
        case done(files: Int, bytes: Int64)
        /// What is wrong with the storage; another one may have them.
        case unusable(HostError)
    }

    /// Throws what is wrong with this host. What arrived whole before a failure is not fetched again.
    func bring(_ names: [String]) async throws(HostError) -> Outcome {
        do throws(HostError) {
            let sizes = try await sizes()
            if let name = names.first(where: { sizes[$0] == nil }) {
                return .unusable(HostError("'\(name)' is missing", hint: "ask the vendor; only plain files are taken"))
            }
            let missing = try await notStaged(names)
            let bytes = missing.reduce(0) { $0 + (sizes[$1] ?? 0) }
            try checkSpace(for: bytes)
            if let failure = try await transfer(missing, bytes) { return .unusable(failure) }
            if let name = try await notStaged(names).first {
                return .unusable(HostError("'\(name)' is not the one that was signed", hint: "ask the vendor"))
            }
            try await place(names)
            return .done(files: missing.count, bytes: bytes)
        } catch {
            guard !error.isInterruption, !Task.isCancelled else { throw Self.interrupted }
            throw error
        }
    }

    private static let interrupted = HostError("fetching the vendor's files was ended", disposition: .interrupted)

    /// By name.
    private func sizes() async throws(HostError) -> [String: Int64] {
        let entries = try await store.entries(in: path, recursively: true).filter { !$0.isDirectory }
        return Dictionary(entries.map { ($0.path, $0.bytes) }) { first, _ in first }
    }

    /// Those of `names` that no earlier try brought; what is not whole is removed, so that its rest is never taken for it.
    private func notStaged(_ names: [String]) async throws(HostError) -> [String] {
        var missing: [String] = []
        for name in names {
            let file = "\(kept.staging)/\(name)"
            if await KeptRelease.isWhole(file, signed.sums.files[name]) { continue }
            try DirectoryContent.remove(file)
            missing.append(name)
        }
        return missing
    }

    private var minimumFreeSpace: ByteCount { host.configuration.minimumFreeSpace }

    private func checkSpace(for bytes: Int64) throws(HostError) {
        let free = try FileSystemSpace.at(PathName.nearestExisting(kept.staging)).free
        let needed = bytes + minimumFreeSpace.bytes
        guard free.bytes < needed else { return }
        throw tooSmall("\(free.rounded) are free, \(ByteCount(bytes: needed).rounded) are needed")
    }

    private func tooSmall(_ reason: String) -> HostError {
        HostError(
            "there is no room for the vendor's files of version \(kept.version): \(reason)",
            hint: "free some space on the file system of '\(kept.root)', or enlarge it", disposition: .transient)
    }

    /// Returns what is wrong with the storage.
    private func transfer(_ names: [String], _ bytes: Int64) async throws(HostError) -> HostError? {
        guard !names.isEmpty else { return nil }
        try PathName.createDirectories(kept.staging)
        let scratch = try TemporaryDirectory()
        let list = "\(scratch.path)/names"
        try AtomicFile.write(Array(names.map { "\($0)\n" }.joined().utf8), to: list)
        let arguments = ["copy", "--multi-thread-streams", "0", "--files-from-raw", list]
        let (store, path, staging) = (store, path, kept.staging)
        let outcome = await SpaceWatch(path: staging, minimum: minimumFreeSpace).during { () throws(HostError) in
            try await store.transfer(
                arguments + store.bandwidthLimit + [store.remotePath(path), staging], files: [list], into: staging,
                to: "fetch '\(path)'",
                deadline: store.deadline(for: bytes), stall: store.stallLimit(whileBuffering: false))
        }
        switch outcome {
        case .ended(.success): return nil
        case .ended(.failure(let error)): return error
        case .full(let free):
            try DirectoryContent.remove(staging)
            throw tooSmall("\(free.rounded) are left in the middle of it")
        }
    }

    private func place(_ names: [String]) async throws(HostError) {
        // Their content first: a name that is on the disk before it would be an empty file after a power cut.
        try PathName.createDirectories(kept.root)
        try await host.syncFileSystem(of: kept.root)
        let (kept, signed) = (kept, signed)
        try await BlockingWork.run("put the vendor's files in place", deadline: .seconds(600)) { () throws(HostError) in
            try kept.take(names, signed)
        }
        try await host.syncFileSystem(of: kept.root)
    }
}
