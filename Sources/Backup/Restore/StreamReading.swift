internal import Files
internal import Glibc
internal import HostSystem
internal import Model
internal import Processes

/// Reads what a run holds of one data directory through the programs that unpack it, and writes nothing of it.
struct StreamReading: Sendable {
    let host: HostSystem
    let store: BackupStore
    /// That open it; none where it is not encrypted.
    let identities: [String]
    let name: String
    let content: VolumeArchive.Content
    /// Of each stream in its order: in the storage, with the sha256 that it has to have.
    let streams: [[(path: String, sha256: String)]]

    enum Outcome: Hashable, Sendable {
        /// Every part is what was saved, and all that is in it would come back.
        case sound
        /// With what would not, in words.
        case unsound(String)
        /// A part is not what was saved, or cannot be read: which one, and why, its reader tells.
        case damaged
        /// It is encrypted for others.
        case closed
    }

    func run() async throws(HostError) -> Outcome {
        let place = try TemporaryDirectory()
        let sums = "\(place.path)/sums"
        let command = try command(script: "\(place.path)/unpack.bash", sums: sums)
        do throws(CommandFailure) {
            _ = try await command.run()
        } catch {
            guard case .exited = error.reason else {
                throw HostError("data directory '\(name)' was not read to its end: \(error)", disposition: .interrupted)
            }
            if error.tail.contains("no identity matched") { return .closed }
            guard isUndamaged(sums) else { return .damaged }
            return .unsound("'\(name)' cannot be unpacked: \(store.redacted(error.tail))")
        }
        guard isUndamaged(sums) else { return .damaged }
        let long = lines(of: "\(sums).long").compactMap { Int($0) }.reduce(0, +)
        guard long > 0 else { return .sound }
        return .unsound("\(long) entries of '\(name)' cannot be restored: their paths are too long")
    }

    private func command(script: String, sums: String) throws(HostError) -> Command {
        try AtomicFile.write(PackageResources.confined_bash + PackageResources.unpack_bash, to: script)
        let parts = streams.map { $0.flatMap { [$0.sha256, store.remotePath($0.path)] } }
        return Command(
            "/bin/bash",
            [script, "\(store.launcher.count)"] + store.launcher
                + [host.configuration.confiner ?? "", content.rawValue, "-", sums] + identities + ["--"]
                + parts.joined(separator: ["+"]),
            environment: store.environment.merging(["PATH": host.configuration.commandPath]) { $1 },
            deadline: .seconds(24 * 3600))
    }

    private func isUndamaged(_ sums: String) -> Bool {
        access("\(sums).broken", F_OK) != 0 && lines(of: sums) == streams.flatMap { $0.map(\.sha256) }
    }

    private func lines(of path: String) -> [String] {
        let text = (try? Descriptor(path, O_RDONLY).read(limit: 16 << 20)) ?? []
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
