internal import Files
internal import Glibc
internal import HostSystem
internal import Model
internal import Processes

/// Brings one data directory of one run, checked and unpacked, beside its place.
struct VolumeFetch: Sendable {
    let restore: DataRestore
    let plan: ResolvedPlan
    let stored: StoredParts
    let staged: StagedData
    let archive: VolumeArchive

    enum Outcome: Sendable {
        /// `lost`: entries that could not be brought back, for people; `nil` when there are none.
        case done(lost: String?)
        /// What the storage has is not what was saved; another try would bring the same.
        case damaged(String)
        case unreachable(HostError)
    }

    private static let attempts = 3

    /// Throws what is wrong with this host or its plan.
    func run() async throws(HostError) -> Outcome {
        let origin = StagedData.Origin(source: stored.source, archive: archive)
        // Fetched before a crash.
        if staged.origin() == origin { return .done(lost: nil) }
        try checkPlace()
        if let damage = stored.missingPart(of: archive) { return .damaged(damage) }
        try checkSpace()
        var outcome = Outcome.done(lost: nil)
        for _ in 1...Self.attempts {
            outcome = try await attempt()
            guard case .unreachable = outcome else { break }
        }
        guard case .done = outcome else {
            try await restore.remove(staged)
            return outcome
        }
        try await restore.host.syncFileSystem(of: staged.path)
        try staged.complete(origin)
        return outcome
    }

    /// What would fail when the stack is down already.
    private func checkPlace() throws(HostError) {
        if archive.content == .repository { _ = try restore.host.command("restic") }
        guard archive.content != .dump else {
            guard restore.purpose == .deployment else { return }
            _ = try DumpLoad(of: staged.name, archive, in: plan)
            return
        }
        try staged.checkPlace()
    }

    private var minimumFreeSpace: ByteCount { restore.host.configuration.minimumFreeSpace }

    /// Unpacked it needs as much at the least; more would refuse what fits, and what does not is noticed on the way.
    private func checkSpace() throws(HostError) {
        let free = try FileSystemSpace.at(PathName.nearestExisting(staged.stackDirectory)).free
        let needed = archive.bytes + heldBytes + (archive.snapshot?.bytes ?? 0) + minimumFreeSpace.bytes
        guard free.bytes < needed else { return }
        throw staged.tooSmall(
            to: "restore", "\(free.rounded) are free, at least \(ByteCount(bytes: needed).rounded) are needed")
    }

    /// Of the parts that are fetched as a whole before anything reads them: one, and the next one meanwhile.
    private var heldBytes: Int64 {
        let sizes = (archive.earlier.flatMap(\.parts) + archive.parts).map(\.bytes)
        return sizes.sorted(by: >).prefix(2).reduce(0, +)
    }

    private func attempt() async throws(HostError) -> Outcome {
        try await BlockingWork.run("prepare '\(staged.path)'", deadline: .seconds(3600)) { () throws(HostError) in
            try staged.begin()
        }
        var lost: String?
        if let failure = try await run(try command()) {
            lost = complaints.loss
            // What was read is what was saved, and it was unpacked to its end.
            guard archive.content == .files, case .exited = failure.reason, lost != nil, damage == nil else {
                return try await outcome(of: failure)
            }
        }
        if let damage { return .damaged(damage) }
        guard let snapshot = archive.snapshot else { return .done(lost: lost) }
        if let failure = try await run(try await restoring(snapshot)) { return try await outcome(of: failure) }
        try await takeFiles()
        return .done(lost: nil)
    }

    private var complaints: UnpackComplaints {
        let text = (try? Descriptor("\(staged.sums).said", O_RDONLY).read(limit: 1 << 20)) ?? []
        return UnpackComplaints(String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init))
    }

    private func run(_ command: Command) async throws(HostError) -> CommandFailure? {
        switch await SpaceWatch(path: staged.path, minimum: minimumFreeSpace).run(command) {
        case .full(let free):
            try await restore.remove(staged)
            throw staged.tooSmall(to: "restore", "\(free.rounded) are left in the middle of it")
        case .ended(.success): return nil
        case .ended(.failure(let failure)): return failure
        }
    }

    private func outcome(of failure: CommandFailure) async throws(HostError) -> Outcome {
        guard case .exited = failure.reason, !Task.isCancelled else {
            try await restore.remove(staged)
            throw HostError("the restore of data directory '\(staged.name)' was ended", disposition: .interrupted)
        }
        // rclone and the C library write it in their own ways.
        if failure.tail.lowercased().contains("no space left on device") {
            try await restore.remove(staged)
            throw staged.tooSmall(to: "restore", "the disk is full")
        }
        let said = stored.store.redacted(failure.tail)
        if try FileStatus.at("\(staged.sums).broken").kind != .missing {
            return .unreachable(
                HostError(
                    "cannot read data directory '\(staged.name)' of \(stored.shown): \(said)",
                    hint: "check the storage and the network", disposition: .transient))
        }
        if damage == nil, said.contains("no identity matched") {
            try await restore.remove(staged)
            throw await notForUs()
        }
        return .damaged(damage ?? "it cannot be opened: \(said)")
    }

    /// Other runs of that host are closed to this one as well.
    private func notForUs() async -> HostError {
        let own = (try? await restore.identity.recipients(with: []).first).map { "\"\($0)\"" } ?? "its public key"
        return HostError(
            "this host cannot open \(stored.shown): it is encrypted for others",
            hint:
                "set 'recoveryIdentity' to the file with the customer's recovery key; or, for backups that the old host "
                + "makes from now on, add this host to the plan: \"backup\": {\"recipients\": [\(own)]}",
            disposition: .transient)
    }

    /// What differs between what was read and the signed manifest.
    private var damage: String? {
        let text = (try? Descriptor(staged.sums, O_RDONLY).read(limit: 16 << 20)) ?? []
        let sums = String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
        let parts = stored.streams(of: archive).flatMap { stream in
            stream.parts.map { (stream.shown($0), $0.sha256.description) }
        }
        let wrong = parts.indices.first { !sums.indices.contains($0) || sums[$0] != parts[$0].1 }
        return wrong.map { "\(parts[$0].0) is not the one that was saved" }
    }

    private func command() throws(HostError) -> Command {
        let script = "\(staged.path)/unpack.bash"
        try AtomicFile.write(PackageResources.confined_bash + PackageResources.unpack_bash, to: script)
        let store = stored.store
        let identities = archive.isEncrypted ? try restore.identity.identities() : []
        let target =
            switch archive.content {
            case .files: staged.files
            case .dump: staged.dump
            case .repository: staged.line.directory
            }
        let parts = stored.streams(of: archive).map { stream in
            stream.parts.flatMap {
                [$0.sha256.description, store.remotePath("\(stream.directory.path)/\($0.name)")]
            }
        }
        let confiner = restore.host.configuration.confiner ?? ""
        return Command(
            "/bin/bash",
            [script, "\(store.launcher.count)"] + store.launcher
                + [confiner, archive.content.rawValue, target, staged.sums]
                + identities + ["--"] + parts.joined(separator: ["+"]),
            environment: store.environment.merging(["PATH": restore.host.configuration.commandPath]) { $1 },
            deadline: .seconds(24 * 3600))
    }
}
