internal import FoundationEssentials
internal import Glibc
public import Planning
internal import Processes

/// Makes backups of what is deployed on this host, delivers and reads them.
public struct Backups: Sendable {
    let host: HostSystem
    let spool: BackupSpool
    let identity: BackupIdentity
    let partSize: Int64

    /// `partSize`: of one object in a storage, in bytes; a broken upload is resumed at the part that is missing.
    public init(host: HostSystem, partSize: ByteCount = ByteCount(bytes: 1 << 30)) {
        self.host = host
        self.partSize = partSize.bytes
        spool = BackupSpool(stateDirectory: host.configuration.stateDirectory)
        identity = BackupIdentity(host.configuration)
    }

    /// A copy that has to become a run: its data is in the spool, its manifest is not.
    public struct Copied: Sendable {
        public let run: BackupRunID
        let began: Timestamp
        let volumes: [VolumeCopy]
        let state: DeployedState
    }

    /// Copies the data of `state` into the spool. The caller holds the host's lock, and may give it back after this.
    /// `isStopped`: no container runs, so that everything is copied as files and no container is asked for a dump.
    /// `further` recipients can open it beside those of the plan.
    public func copy(
        _ state: DeployedState, isStopped: Bool = false, opening further: [String] = [], now: Timestamp,
        note: @Sendable (String) -> Void
    ) async throws(HostError) -> Copied {
        let plan = state.desired.plan
        guard let backup = plan.backup else {
            throw HostError("the deployed plan has no 'backup'", hint: "add it to 'plan.json'; see docs/backup.md")
        }
        await recover()
        let known = backup.recipients + further.filter { !backup.recipients.contains($0) }
        let recipients = try await identity.recipients(with: known)
        let run = BackupRunID(at: now, after: try lastRun())
        let directory = try spool.create(run)
        do throws(HostError) {
            let copier = copier(into: directory)
            let wanted = try VolumeCopy.all(of: plan, labels: try await copier.labels(of: plan)) {
                host.directory(of: $0, in: plan)
            }
            try await prepareLines(for: wanted, run, backup, recipients: recipients, note: note)
            let volumes = try await copier.copy(
                isStopped ? wanted.map(\.ofStopped) : wanted, recipients: recipients, note: note)
            // A stack without data moves as well.
            guard !volumes.isEmpty || isStopped && wanted.isEmpty else {
                throw HostError(
                    "there is nothing to save: no data directory of the plan holds anything",
                    hint: "check 'dataRoot' and the volumes of the plan")
            }
            try remember(run)
            return Copied(run: run, began: now, volumes: volumes, state: state)
        } catch {
            try? spool.remove(run)
            throw error
        }
    }

    /// Writes and signs the manifest: from now on the run can be delivered by any process, after any crash.
    public func seal(_ copied: Copied, for successor: Successor? = nil, now: Timestamp) async throws(HostError) {
        let directory = spool.path(of: copied.run)
        var volumes: [String: VolumeArchive] = [:]
        for volume in copied.volumes {
            let parts = try await parts(of: volume, in: directory)
            volumes[volume.name] =
                try copier(into: directory).restic(volume)?.archive(of: copied.run, parts: parts)
                ?? VolumeArchive(content: volume.mode == .hook ? .dump : .files, parts: parts, load: volume.load)
        }
        let plan = copied.state.desired.plan
        let manifest = BackupManifest(
            run: copied.run, stack: plan.stack, host: plan.host, version: plan.version, commit: copied.state.commit,
            began: copied.began, ended: now, successor: successor,
            images: copied.state.images.mapValues { $0.digest ?? $0.id }, volumes: volumes, plan: plan)
        let file = "\(directory)/.\(BackupManifest.fileName)"
        try AtomicFile.write(try manifest.encoded(), to: file)
        try await identity.sign(file)
        try rename("\(file).sig", to: "\(directory)/\(BackupManifest.signatureName)")
        try rename(file, to: "\(directory)/\(BackupManifest.fileName)")
    }

    /// Whether a broken copy left something, or one runs.
    public func hasRemains() throws(HostError) -> Bool {
        for run in try spool.runs() where try !spool.isWhole(run) { return true }
        return false
    }

    /// Removes what a broken copy left, and lets the container go on that it held. The caller holds the host's lock.
    public func recover() async {
        for run in (try? spool.runs()) ?? [] where (try? spool.isWhole(run)) == false {
            await copier(into: spool.path(of: run)).release()
            guard (try? dropFromLines(run)) != nil else { continue }
            try? spool.remove(run)
        }
    }

    private func copier(into directory: String) -> BackupCopier {
        BackupCopier(host: host, spool: directory, partSize: partSize, resticDirectory: resticDirectory)
    }

    private func parts(of volume: VolumeCopy, in directory: String) async throws(HostError) -> [BackupPart] {
        let names = try DirectoryContent.names(in: directory).filter { $0.hasPrefix("\(volume.streamName).age.") }
        var parts: [BackupPart] = []
        for name in names.sorted() {
            let path = "\(directory)/\(name)"
            let sum = try await FileDigest.sha256(of: path)
            parts.append(BackupPart(name: name, bytes: try FileStatus.at(path).size, sha256: sum))
        }
        return parts
    }

    private func rename(_ old: String, to new: String) throws(HostError) {
        guard Glibc.rename(old, new) == 0 else { throw HostError.failed("write '\(new)'") }
        try Descriptor(PathName.directory(of: new), O_RDONLY | O_DIRECTORY).sync()
    }

    private var lastRunFile: String { "\(host.configuration.stateDirectory)/backup/last-run" }

    /// The newest name that this host has used.
    private func lastRun() throws(HostError) -> BackupRunID? {
        guard try FileStatus.at(lastRunFile).kind == .file else { return nil }
        let bytes = try Descriptor(lastRunFile, O_RDONLY).read(limit: 64)
        return BackupRunID(String(decoding: bytes, as: UTF8.self))
    }

    private func remember(_ run: BackupRunID) throws(HostError) {
        try AtomicFile.write(Array(run.description.utf8), to: lastRunFile)
    }
}
