public import Files
internal import FoundationEssentials
internal import Glibc
public import HostSystem
public import Model
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
        /// Data directories that it lacks.
        public let failures: [VolumeFailure]
        /// Containers that were held for it and do not go on.
        public let held: [String]
        /// Runs that waited for a target, and were given up to make room for this one.
        public let gaveWay: [BackupRunID]
        let began: Timestamp
        let volumes: [CopiedVolume]
        /// Data directories that held something.
        let filled: Set<String>
        /// Data directories that were empty, as they may be.
        let empty: Set<String>
        let state: DeployedState
    }

    /// Copies the data of `state` into the spool, beside `traffic`; without that the caller holds the host's lock, and may
    /// give it back after this.
    /// `isStopped`: no container runs, so that everything is copied as files and no container is asked for a dump; it is
    /// the last backup, which has to have everything. Else the failure of a data directory costs that one alone.
    /// `further` recipients can open it beside those of the plan.
    public func copy(
        _ state: DeployedState, isStopped: Bool = false, opening further: [String] = [],
        beside traffic: CopyTraffic? = nil, now: Timestamp, note: @Sendable (String) -> Void
    ) async throws(HostError) -> Copied {
        let plan = state.desired.plan
        guard let backup = plan.backup else {
            throw HostError("the deployed plan has no 'backup'", hint: "add it to 'plan.json'; see docs/backup.md")
        }
        // What the copy's script would say of it is not what to do.
        for program in plan.copyPrograms { _ = try host.command(program.name) }
        await recover()
        let known = backup.recipients + further.filter { !backup.recipients.contains($0) }
        let recipients = try await identity.recipients(with: known)
        let gaveWay = try keeper.makeRoom()
        for run in gaveWay { note("run \(run), which waited for a target, made room for this one") }
        let run = BackupRunID(at: now, after: try lastRun.read())
        let directory = try spool.create(run)
        do throws(HostError) {
            var copier = copier(into: directory)
            copier.traffic = traffic
            var survey = VolumeSurvey(
                of: plan, on: host, labels: try await copier.labels(of: plan), isStopped: isStopped)
            for name in survey.empty {
                note("data directory '\(name)' is empty: nothing to save")
            }
            try await prepareLines(for: &survey, run, backup, recipients: recipients, note: note)
            let copies = try await copier.copy(survey.volumes, recipients: recipients)
            let failures = (survey.failures + copies.failures).sorted { $0.name < $1.name }
            if let error = Self.problem(survey, copies, failures, isLast: isStopped) { throw error }
            try lastRun.write(run)
            return Copied(
                run: run, failures: failures, held: copies.held, gaveWay: gaveWay, began: now, volumes: copies.copied,
                filled: survey.filled, empty: survey.meantEmpty, state: state)
        } catch {
            let given = try? keeper.giveWayWhereFull()
            // Its mark is what has a container go on later.
            if (try? spool.holdsContainer(run)) == false { try? spool.remove(run) }
            guard let given else { throw error }
            throw HostError(
                "\(error.message); run \(given), which waited for a target, was given up to make room",
                hint: error.hint, disposition: error.disposition)
        }
    }

    private var keeper: SpoolKeeper {
        SpoolKeeper(spool: spool, minimum: host.configuration.minimumFreeSpace) { run throws(HostError) in
            try dropFromLines(run)
        }
    }

    /// Why there is nothing to make a run of.
    private static func problem(
        _ survey: VolumeSurvey, _ copies: BackupCopier.Copies, _ failures: [VolumeFailure], isLast: Bool
    ) -> HostError? {
        if isLast, !failures.isEmpty { return HostError(lastBackupLacks: failures) }
        guard copies.copied.isEmpty else { return nil }
        if !failures.isEmpty { return HostError(nothingSaved: failures) }
        // A stack without data moves as well.
        if isLast, survey.wanted.isEmpty { return nil }
        return HostError(
            "there is nothing to save: no data directory of the plan holds anything",
            hint: "check 'dataRoot' and the volumes of the plan")
    }

    /// A run that can be delivered.
    public struct Sealed: Sendable {
        public let manifest: BackupManifest
        /// Data directories that it lacks.
        public var failures: [VolumeFailure]
        /// Containers that were held for it and do not go on.
        public let held: [String]
        /// Paths in data directories, by their names, that are not in it as nothing could bring them back.
        public let leftOut: [String: [String]]
        public var run: BackupRunID { manifest.run }
    }

    /// Writes and signs the manifest: from now on the run can be delivered by any process, after any crash.
    @discardableResult
    public func seal(
        _ copied: Copied, for successor: Successor? = nil, accepted: AcceptedCommit? = nil,
        signerList: Int? = nil, journal: JournalHead? = nil, now: Timestamp
    ) async throws(HostError) -> Sealed {
        let directory = spool.path(of: copied.run)
        let plan = copied.state.desired.plan
        var memory = VolumeMemory.read(of: plan, stateDirectory: host.configuration.stateDirectory)
        var volumes: [DataName: VolumeArchive] = [:]
        var failures = copied.failures
        for copy in copied.volumes {
            let volume = copy.volume
            do throws(HostError) {
                guard let name = DataName(volume.name) else { throw .unnamable(volume.name) }
                var archive = try await archive(of: copy, copied.run, in: directory)
                archive.shrunk = memory.volumes[volume.name]?.shrink(
                    to: archive.read, of: volume, plan.backup?.shrinkRule ?? ShrinkRule(percent: 0))
                volumes[name] = archive
                memory.add(archive, of: volume, wasFilled: copied.filled.contains(volume.name), copied.run)
            } catch {
                failures.append(VolumeFailure(volume.name, notSaved: error))
            }
        }
        if successor != nil, !failures.isEmpty { throw HostError(lastBackupLacks: failures) }
        if volumes.isEmpty, !failures.isEmpty { throw HostError(nothingSaved: failures) }
        guard let stack = EntryName(plan.stack), let own = EntryName(plan.host) else { throw .unnamable(plan.host) }
        var manifest = BackupManifest(
            run: copied.run, stack: stack, host: own, version: plan.version, commit: copied.state.commit,
            began: copied.began, ended: now, successor: successor,
            images: copied.state.images.mapValues { $0.digest ?? $0.id }, volumes: volumes,
            incomplete: Dictionary(failures.map { ($0.name, $0.reason) }) { first, _ in first }, plan: plan)
        manifest.accepted = accepted
        manifest.signerList = signerList
        manifest.journal = journal
        manifest.empty = copied.empty.isEmpty ? nil : copied.empty.sorted()
        try await link(&manifest, in: directory)
        try memory.write(stateDirectory: host.configuration.stateDirectory)
        let leftOut = copied.volumes.filter { !$0.leftOut.isEmpty }.map { ($0.volume.name, $0.leftOut) }
        return Sealed(
            manifest: manifest, failures: failures, held: copied.held,
            leftOut: Dictionary(leftOut) { first, _ in first })
    }

    private func archive(
        of copy: CopiedVolume, _ run: BackupRunID, in directory: String
    ) async throws(HostError) -> VolumeArchive {
        let parts = try await parts(of: copy.volume, in: directory)
        if let restic = copier(into: directory).restic(copy.volume) {
            return try restic.archive(of: run, parts: parts, notes: copy.notes)
        }
        return VolumeArchive(
            content: copy.volume.mode == .hook ? .dump : .files, parts: parts, load: copy.volume.load,
            read: copy.extent, notes: copy.notes)
    }

    /// Writes and signs it as the run after those before it, and remembers it as that.
    private func link(_ manifest: inout BackupManifest, in directory: String) async throws(HostError) {
        let stateDirectory = host.configuration.stateDirectory
        var chain = RunChain.read(of: manifest.plan, stateDirectory: stateDirectory)
        manifest.number = chain.count + 1
        manifest.previous = chain.newest(at: manifest.plan.backup?.targets ?? [:])
        try await write(manifest, to: directory)
        chain.add(manifest.run, try await FileDigest.sha256(of: "\(directory)/\(BackupManifest.fileName)"))
        try chain.write(stateDirectory: stateDirectory)
    }

    private func write(_ manifest: BackupManifest, to directory: String) async throws(HostError) {
        let file = "\(directory)/.\(BackupManifest.fileName)"
        try AtomicFile.write(try manifest.encoded(), to: file)
        try await identity.sign(file)
        try rename("\(file).sig", to: "\(directory)/\(BackupManifest.signatureName)")
        try rename(file, to: "\(directory)/\(BackupManifest.fileName)")
    }

    /// Whether a broken copy left something, or one runs.
    public func hasRemains() throws(HostError) -> Bool {
        for run in try spool.runs() {
            guard try spool.isWhole(run), try !spool.holdsContainer(run) else { return true }
        }
        return false
    }

    /// Removes what a broken copy left, and lets the container go on that it held. The caller holds the host's lock.
    public func recover() async {
        for run in (try? spool.runs()) ?? [] {
            let copier = copier(into: spool.path(of: run))
            let isReleased = await copier.release()
            guard isReleased, (try? spool.isWhole(run)) == false else { continue }
            await copier.endRemains()
            guard (try? dropFromLines(run)) != nil else { continue }
            try? spool.remove(run)
        }
    }

    func labels(of plan: ResolvedPlan) async throws(HostError) -> [String: [String: String]] {
        try await copier(into: spool.directory).labels(of: plan)
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
            guard let entry = EntryName(name) else { throw .unnamable(name) }
            parts.append(BackupPart(name: entry, bytes: try FileStatus.at(path).size, sha256: sum))
        }
        return parts
    }

    private func rename(_ old: String, to new: String) throws(HostError) {
        guard Glibc.rename(old, new) == 0 else { throw HostError.failed("write '\(new)'") }
        try Descriptor(PathName.directory(of: new), O_RDONLY | O_DIRECTORY).sync()
    }

    private var lastRun: LastRun { LastRun(stateDirectory: host.configuration.stateDirectory) }
}

extension HostError {
    /// Storages, and whoever opens a backup by hand, have to be able to use the name of a file.
    static func unnamable(_ name: String) -> Self {
        Self("'\(name)' cannot be the name of something in a backup", hint: "give it \(EntryName.form)")
    }
}
