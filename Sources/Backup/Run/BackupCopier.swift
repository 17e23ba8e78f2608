internal import Files
internal import FoundationEssentials
internal import Glibc
internal import HostSystem
internal import Model
internal import Processes

/// Copies data directories into the spool.
struct BackupCopier: Sendable {
    let host: HostSystem
    /// The run's directory in the spool.
    let spool: String
    /// Of one part, in bytes.
    let partSize: Int64
    /// Holds the repositories.
    let resticDirectory: String
    /// Absent where the caller holds every lock that there is.
    var traffic: CopyTraffic?

    /// The labels of the containers of `plan`, with those of their images, by name in the plan; none of one that is gone.
    func labels(of plan: ResolvedPlan) async throws(HostError) -> [String: [String: String]] {
        var labels: [String: [String: String]] = [:]
        for name in plan.containers.keys.sorted() {
            labels[name] = try await EngineLabels(host: host).labels(of: .container, plan.hostName(of: name))
        }
        return labels
    }

    /// What came of the volumes that were to be copied.
    struct Copies: Sendable {
        var copied: [CopiedVolume] = []
        var failures: [VolumeFailure] = []
        /// Containers that do not go on although nothing needs them to be held any more.
        var held: [String] = []
    }

    /// Copies `volumes`, container by container; the failure of one costs that one alone.
    func copy(_ volumes: [VolumeCopy], recipients: [String]) async throws(HostError) -> Copies {
        try AtomicFile.write(Array((recipients.joined(separator: "\n") + "\n").utf8), to: "\(spool)/recipients")
        var result = Copies()
        for group in groups(volumes) {
            try traffic?.check()
            var described: [VolumeCopy] = []
            var deep: [String: DeepDirectories] = [:]
            for volume in group {
                do throws(HostError) {
                    deep[volume.name] = try await describe(volume)
                    described.append(volume)
                } catch {
                    result.failures.append(VolumeFailure(volume.name, notSaved: error))
                }
            }
            if !described.isEmpty { try await copyGroup(described, leavingOut: deep, &result) }
        }
        try await host.syncFileSystem(of: spool)
        return result
    }

    /// One for each container and mode, so that the container is held once; each dump has a time-out of its own.
    private func groups(_ volumes: [VolumeCopy]) -> [[VolumeCopy]] {
        let grouped = Dictionary(grouping: volumes) { volume in
            "\(volume.container ?? "") \(volume.mode.rawValue) \(volume.mode == .hook ? volume.name : "")"
        }
        return grouped.sorted { $0.key < $1.key }.map(\.value)
    }

    private func copyGroup(
        _ group: [VolumeCopy], leavingOut deep: [String: DeepDirectories], _ result: inout Copies
    ) async throws(HostError) {
        let before = group.map { DirectoryIdentity(of: $0.directory) }
        let (trouble, isReleased) = try await exclusively(group) { () async throws(HostError) -> (Trouble?, Bool) in
            let trouble = try await runScript(for: group)
            // The script releases what it holds itself; this is for one that was killed.
            return (trouble, trouble == nil ? true : await release())
        }
        if !isReleased, let container = group.first?.container { result.held.append(container) }
        if trouble != nil, group.contains(where: { $0.mode == .hook }) { await MarkedCommand(mark: spool).end() }
        if let trouble, trouble.error.isInterruption { throw trouble.error }
        for (volume, before) in zip(group, before) {
            var judged = try await BlockingWork.run(
                "judge the copy of '\(volume.name)'", deadline: .seconds(24 * 3600)
            ) { () throws(HostError) in outcome(of: volume, trouble) }
            if case .saved = judged, DirectoryIdentity(of: volume.directory) != before {
                judged = .failed(.replaced(volume))
            }
            switch judged {
            case .saved(let copied): result.copied.append(copied.lacking(deep[volume.name]))
            case .failed(let failure):
                result.failures.append(failure)
                try discard(volume)
            }
        }
    }

    /// Under the host's lock where the container of `group` is held, so that nobody starts what is stopped.
    private func exclusively<Value: Sendable>(
        _ group: [VolumeCopy], _ body: () async throws(HostError) -> Value
    ) async throws(HostError) -> Value {
        let holds = group.contains { $0.container != nil && ($0.mode == .pause || $0.mode == .stop) }
        guard let traffic, holds else { return try await body() }
        return try await traffic.holdingHost(body)
    }

    /// Why the script did not come to its end.
    private struct Trouble: Sendable {
        let error: HostError
        /// A dump took longer than it may.
        var isLate = false
    }

    /// Returns `nil` when it came to its end.
    private func runScript(for group: [VolumeCopy]) async throws(HostError) -> Trouble? {
        let script = "\(spool)/copy.bash"
        try AtomicFile.write(PackageResources.confined_bash + PackageResources.copy_bash, to: script)
        let container = group.first?.container
        let mode = container == nil ? "live" : group.first?.mode.rawValue ?? ""
        var command = try await host.engineCommand(
            [mode, container ?? "-", spool, "\(partSize)", host.configuration.confiner ?? ""]
                + group.map { "\($0.name)=\($0.directory)" },
            by: [script])
        let timeout = mode == VolumeBackup.Mode.hook.rawValue ? group.first?.timeout : nil
        command.deadline = timeout?.duration ?? .seconds(24 * 3600)
        return await runWatched(command)
    }

    private func outcome(of volume: VolumeCopy, _ trouble: Trouble?) -> CopyJudgement.Outcome {
        if trouble?.isLate == true, volume.mode == .hook { return .failed(.late(volume)) }
        do throws(HostError) {
            let judgement = CopyJudgement(
                volume: volume, report: try report(of: volume), readability: Readability.of)
            if judgement.hasBrokenRepository { try restic(volume)?.line.remove() }
            return judgement.outcome ?? .failed(.notCopied(volume, trouble?.error))
        } catch {
            return .failed(VolumeFailure(volume.name, notSaved: error))
        }
    }

    private func report(of volume: VolumeCopy) throws(HostError) -> VolumeReport {
        func said(_ kind: String) throws(HostError) -> String {
            let path = "\(spool)/\(volume.name).\(kind)"
            guard try FileStatus.at(path).kind == .file else { return "" }
            return String(decoding: try Descriptor(path, O_RDONLY).read(limit: 256 << 20), as: UTF8.self)
        }
        return VolumeReport(
            ended: try said("ended"), said: try said("said"), bytes: try said("bytes"), count: try said("count"))
    }

    /// Nothing of it is sent, and its room is for others.
    private func discard(_ volume: VolumeCopy) throws(HostError) {
        for name in try DirectoryContent.names(in: spool) where name.hasPrefix("\(volume.streamName).age.") {
            try AtomicFile.remove("\(spool)/\(name)")
        }
    }

    /// For the script. Returns what no program could bring back, and is left out.
    private func describe(_ volume: VolumeCopy) async throws(HostError) -> DeepDirectories? {
        let deep = try await deepDirectories(of: volume)
        func write(_ bytes: some Sequence<UInt8>, _ kind: String) throws(HostError) {
            try AtomicFile.write(Array(bytes), to: "\(spool)/\(volume.name).\(kind)")
        }
        let left = volume.exclude.map { "./\($0)\n" }.joined()
        try write(Array(left.utf8) + (deep?.patterns(after: "./") ?? []), "exclude")
        try write(volume.include.map { "./\($0)\n" }.joined().utf8, "include")
        try write(volume.dump.map { "\($0)\0" }.joined().utf8, "dump")
        try restic(volume)?.describe(leavingOut: deep)
        return deep
    }

    private func deepDirectories(of volume: VolumeCopy) async throws(HostError) -> DeepDirectories? {
        guard volume.mode != .hook else { return nil }
        let deep = try await BlockingWork.run(
            "look through data directory '\(volume.name)'", deadline: .seconds(3600)
        ) { () throws(HostError) in DeepDirectories(of: volume) }
        guard deep.areCountless else { return deep }
        throw HostError(
            "more than \(DeepDirectories.most) directories in it have paths of over \(DeepDirectories.longest) bytes, such as "
                + "'\(deep.shown.first ?? "")'",
            hint: "see what made them and remove them; or leave them out, with 'exclude' in the volume's 'backup'")
    }

    /// `nil` for one that becomes a stream of its own.
    func restic(_ volume: VolumeCopy) -> ResticCopy? {
        guard volume.engine == .restic else { return nil }
        return ResticCopy(volume: volume, line: ResticLine(of: volume.name, in: resticDirectory), spool: spool)
    }

    private func runWatched(_ command: Command) async -> Trouble? {
        let watch = SpaceWatch(path: spool, minimum: host.configuration.minimumFreeSpace)
        let outcome: SpaceWatch.Outcome<CommandResult, CommandFailure>? =
            if let traffic { await traffic.unlessWanted { await watch.run(command) } } else { await watch.run(command) }
        switch outcome {
        case .ended(.success): return nil
        case .ended(.failure(let failure)): return Self.explained(failure)
        case .full(let free):
            return Trouble(
                error: HostError(
                    "the backup's spool would fill the disk of '\(spool)': \(free.rounded) are left",
                    hint: "free some space there, or exclude what need not be saved", disposition: .transient))
        case nil: return Trouble(error: CopyTraffic.gaveWay)
        }
    }

    private static func explained(_ failure: CommandFailure) -> Trouble {
        switch failure.reason {
        case .exited:
            Trouble(
                error: HostError(
                    "the copy failed: \(failure.tail.isEmpty ? "it gave no reason" : failure.tail)",
                    hint: VolumeFailure.next, disposition: .transient))
        case .deadline:
            Trouble(error: HostError("the copy was not done within a day", disposition: .transient), isLate: true)
        default: Trouble(error: HostError("the copy was ended", disposition: .interrupted))
        }
    }

    /// Ends what a copy left behind that was killed: its script, and the dump in a container that it had begun.
    func endRemains() async {
        guard let bytes = try? Descriptor("\(spool)/process", O_RDONLY).read(limit: 64),
            let process = pid_t(String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace })
        else { return }
        OrphanedScript.end(process, mentioning: spool)
        await MarkedCommand(mark: spool).end()
    }

    /// Lets a container go on that a copy held when it was killed; `false` when it does not.
    func release() async -> Bool {
        let mark = "\(spool)/held"
        guard let bytes = try? Descriptor(mark, O_RDONLY).read(limit: 4096) else { return true }
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count == 3, let process = pid_t(words[2]) else { return true }
        OrphanedScript.end(process, mentioning: spool)
        let verb = words[0] == "stop" ? "start" : "unpause"
        _ = try? await host.engineCommand([verb, words[1]]).runToEnd()
        // Of a container that goes on already, or has gone, the engine says so with a failure.
        guard await !isHeld(words[1], by: words[0]) else { return false }
        try? AtomicFile.remove(mark)
        return true
    }

    private func isHeld(_ container: String, by verb: String) async -> Bool {
        let format = ["inspect", "--type", "container", "--format", "{{.State.Status}}", container]
        guard let result = try? await host.engineCommand(format).run() else { return false }
        let state = result.text.split(whereSeparator: \.isWhitespace).joined()
        return verb == "stop" ? state != "running" : state == "paused"
    }
}

/// Which directory lies at a path.
private struct DirectoryIdentity: Equatable {
    let device: UInt64?
    let inode: UInt64?

    init(of path: String) {
        let status = try? FileStatus.at(path)
        device = status?.device
        inode = status?.inode
    }
}

extension VolumeFailure {
    fileprivate static func replaced(_ volume: VolumeCopy) -> Self {
        Self(
            volume.name, "not saved: another directory took its place while it was read",
            hint: "see what was mounted or moved at '\(volume.directory)', then 'fairlead backup now'")
    }

    fileprivate static func late(_ volume: VolumeCopy) -> Self {
        Self(
            volume.name, "not saved: its dump did not end within \(volume.timeout)",
            hint: "see what its command waits for in container '\(volume.container ?? "")'; where it takes longer, "
                + "write 'timeout' into the volume's 'backup'")
    }

    fileprivate static func notCopied(_ volume: VolumeCopy, _ trouble: HostError?) -> Self {
        let cannotHold = trouble?.message.contains("cannot be held for the copy") == true
        return Self(
            volume.name, cannotHold ? "not saved: its container cannot be held" : "not saved: its copy was not made",
            said: trouble?.message ?? "", hint: trouble?.hint ?? VolumeFailure.next)
    }
}
