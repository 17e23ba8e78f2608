internal import FoundationEssentials
internal import Glibc
internal import Planning
internal import Processes

/// Copies data directories into the spool; whoever calls it holds the host's lock.
struct BackupCopier: Sendable {
    let host: HostSystem
    /// The run's directory in the spool.
    let spool: String
    /// Of one part, in bytes.
    let partSize: Int64
    /// Holds the repositories.
    let resticDirectory: String

    /// What the engine says of a container, as its command line prints it.
    private struct Inspected: Decodable {
        struct Configuration: Decodable {
            var labels: [String: String]?
            enum CodingKeys: String, CodingKey { case labels = "Labels" }
        }
        var configuration: Configuration
        enum CodingKeys: String, CodingKey { case configuration = "Config" }
    }

    /// The labels of the containers of `plan`, with those of their images, by name in the plan; none of one that is gone.
    func labels(of plan: ResolvedPlan) async throws(HostError) -> [String: [String: String]] {
        var labels: [String: [String: String]] = [:]
        for name in plan.containers.keys.sorted() {
            let command = try await host.engineCommand(["inspect", "--type", "container", plan.hostName(of: name)])
            guard let result = try? await command.run(),
                let found = try? JSONDecoder().decode([Inspected].self, from: Data(result.output))
            else { continue }
            labels[name] = found.first?.configuration.labels ?? [:]
        }
        return labels
    }

    /// Copies `volumes`, container by container; those that are empty or missing are left out, and told.
    /// Returns what was copied.
    func copy(
        _ volumes: [VolumeCopy], recipients: [String], note: @Sendable (String) -> Void
    ) async throws(HostError) -> [VolumeCopy] {
        try AtomicFile.write(Array((recipients.joined(separator: "\n") + "\n").utf8), to: "\(spool)/recipients")
        var copied: [VolumeCopy] = []
        for group in groups(volumes) {
            var filled: [VolumeCopy] = []
            for volume in group {
                if volume.mode != .hook, try DirectoryContent.names(in: volume.directory).isEmpty {
                    note("data directory '\(volume.name)' is empty: nothing to save")
                } else if try RestoreMark.isSet(for: volume.directory) {
                    note("data directory '\(volume.name)' is not restored to its end: it is not saved")
                } else {
                    filled.append(volume)
                }
            }
            guard !filled.isEmpty else { continue }
            try await copyGroup(filled)
            copied += filled
        }
        try await host.syncFileSystem(of: spool)
        return copied
    }

    /// One for each container and mode, so that the container is held once.
    private func groups(_ volumes: [VolumeCopy]) -> [[VolumeCopy]] {
        let grouped = Dictionary(grouping: volumes) { "\($0.container ?? "") \($0.mode.rawValue)" }
        return grouped.sorted { $0.key < $1.key }.map(\.value)
    }

    private func copyGroup(_ group: [VolumeCopy]) async throws(HostError) {
        guard let first = group.first else { return }
        for volume in group { try describe(volume) }
        let script = "\(spool)/copy.bash"
        try AtomicFile.write(PackageResources.copy_bash, to: script)
        let mode = first.container == nil ? "live" : first.mode.rawValue
        var command = try await host.engineCommand(
            [mode, first.container ?? "-", spool, "\(partSize)"] + group.map { "\($0.name)=\($0.directory)" },
            by: [script])
        command.deadline = .seconds(24 * 3600)
        do {
            try await runWatchingSpace(command)
        } catch {
            // The script releases what it holds itself; this is for one that was killed.
            await release()
            for volume in group where restic(volume)?.hasFailed == true { try? restic(volume)?.line.remove() }
            throw error
        }
    }

    private func describe(_ volume: VolumeCopy) throws(HostError) {
        func write(_ text: String, _ kind: String) throws(HostError) {
            try AtomicFile.write(Array(text.utf8), to: "\(spool)/\(volume.name).\(kind)")
        }
        try write(volume.exclude.map { "./\($0)\n" }.joined(), "exclude")
        try write(volume.include.map { "./\($0)\n" }.joined(), "include")
        try write(volume.dump.map { "\($0)\0" }.joined(), "dump")
        try restic(volume)?.describe()
    }

    /// `nil` for one that becomes a stream of its own.
    func restic(_ volume: VolumeCopy) -> ResticCopy? {
        guard volume.engine == .restic else { return nil }
        return ResticCopy(volume: volume, line: ResticLine(of: volume.name, in: resticDirectory), spool: spool)
    }

    private func runWatchingSpace(_ command: Command) async throws(HostError) {
        switch await SpaceWatch(path: spool, minimum: host.configuration.minimumFreeSpace).run(command) {
        case .ended(.success): return
        case .ended(.failure(let failure)): throw Self.explained(failure)
        case .full(let free):
            throw HostError(
                "the backup's spool would fill the disk of '\(spool)': \(free.rounded) are left",
                hint: "free some space there, or exclude what need not be saved", disposition: .transient)
        }
    }

    private static func explained(_ failure: CommandFailure) -> HostError {
        switch failure.reason {
        case .exited:
            let said = failure.tail.isEmpty ? "it gave no reason" : failure.tail
            return HostError(
                "the copy failed: \(said)",
                hint: "correct the volume's 'backup' in the plan or what the message names, then 'fairlead backup now'",
                disposition: .transient)
        case .deadline: return HostError("the copy was not done within a day", disposition: .transient)
        default: return HostError("the copy was ended", disposition: .interrupted)
        }
    }

    /// Lets a container go on that a copy held when it was killed. Nothing when none is held.
    func release() async {
        let mark = "\(spool)/held"
        guard let bytes = try? Descriptor(mark, O_RDONLY).read(limit: 4096) else { return }
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count == 3, let process = pid_t(words[2]) else { return }
        OrphanedScript.end(process, mentioning: spool)
        let verb = words[0] == "stop" ? "start" : "unpause"
        let result = try? await host.engineCommand([verb, words[1]]).runToEnd()
        // Of a container that goes on already the engine says so with a failure.
        if result != nil { try? AtomicFile.remove(mark) }
    }
}
