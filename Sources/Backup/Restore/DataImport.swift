public import Files
internal import Glibc
public import HostSystem
public import Model
internal import Processes

/// Takes the data of an existing installation in, as if it had been restored.
///
/// It is copied beside its place first, so that a data directory is missing, empty or whole at every moment. Whoever calls
/// it holds the host's lock, and knows that no container uses the directory.
public struct DataImport: Sendable {
    /// What was taken in.
    public struct Imported: Sendable {
        public let name: String
        /// With its links resolved.
        public let source: String
        public let directory: String
        public let bytes: Int64
        /// A container loads it in the next deployment.
        public let isDump: Bool
        /// What an operator should look at.
        public let notes: [String]
    }

    let host: HostSystem
    let now: @Sendable () -> Timestamp

    public init(host: HostSystem, now: @escaping @Sendable () -> Timestamp) {
        self.host = host
        self.now = now
    }

    /// Fills data directory `name` of `plan` with the directory `path`, or with the dump in the file `path`, and never
    /// changes what is there. `asDump`: only a dump will do.
    public func take(
        _ path: String, asDump: Bool = false, into name: String, of plan: ResolvedPlan
    ) async throws(HostError) -> Imported {
        let staged = StagedData(of: name, in: host.dataDirectories(of: plan.stack).stackDirectory, kind: .import)
        try checkName(name, plan)
        let source = try await BlockingWork.run("look at '\(path)'", deadline: .seconds(3600)) {
            () throws(HostError) in
            let source = try ImportSource(path, asDump: asDump, dataRoot: host.configuration.dataRoot)
            try check(staged, source)
            return source
        }
        var archive = VolumeArchive(content: source.isDump ? .dump : .files, isEncrypted: false, parts: [])
        if source.isDump { _ = try DumpLoad(of: name, archive, in: plan) }
        let bytes = try await source.bytes(host)
        try checkSpace(bytes, staged)
        do throws(HostError) {
            try await copy(source, staged)
            try await host.syncFileSystem(of: staged.path)
        } catch {
            try? await remove(staged)
            throw error
        }
        archive.read = DataExtent(bytes: bytes)
        let origin = StagedData.Origin(source: .imported(from: source.path, at: now()), archive: archive)
        try await BlockingWork.run("put '\(staged.directory)' in place") { () throws(HostError) in
            try staged.complete(origin)
            if !source.isDump { try staged.putInPlace() }
        }
        return Imported(
            name: name, source: source.path, directory: staged.directory, bytes: bytes, isDump: source.isDump,
            notes: source.isDump ? [] : try ownerNotes(staged, plan))
    }

    private func checkName(_ name: String, _ plan: ResolvedPlan) throws(HostError) {
        let wanted = DataDirectories.wanted(by: plan)
        guard let directory = wanted.first(where: { $0.name == name }) else {
            let known = wanted.map { "'\($0.name)'" }.joined(separator: ", ")
            throw HostError(
                "the plan of '\(plan.host)' has no data directory '\(name)'",
                hint: known.isEmpty ? "it has none at all" : "it has \(known)")
        }
        if let obstacle = try host.dataDirectories(of: plan.stack).obstacles(to: [directory]).first { throw obstacle }
    }

    private func check(_ staged: StagedData, _ source: ImportSource) throws(HostError) {
        // Nobody's data: a dump was being loaded when everything ended.
        if try RestoreMark.isSet(for: staged.directory) { try RestoreMark.clear(staged.directory) }
        guard try DirectoryContent.names(in: staged.directory).isEmpty else {
            throw HostError(
                "data directory '\(staged.directory)' is not empty, and data is never replaced",
                hint: "move it away ('mv \(staged.directory) \(staged.directory)-old'), then import again")
        }
        if !source.isDump { try staged.checkPlace() }
    }

    private func checkSpace(_ bytes: Int64, _ staged: StagedData) throws(HostError) {
        let free = try FileSystemSpace.at(PathName.nearestExisting(staged.stackDirectory)).free
        let needed = bytes + host.configuration.minimumFreeSpace.bytes
        guard free.bytes < needed else { return }
        throw staged.tooSmall(
            to: "import", "\(free.rounded) are free, \(ByteCount(bytes: needed).rounded) are needed")
    }

    private func copy(_ source: ImportSource, _ staged: StagedData) async throws(HostError) {
        try await BlockingWork.run("prepare '\(staged.path)'", deadline: .seconds(3600)) { () throws(HostError) in
            try staged.begin()
            // The copy makes it, since it gives what it makes itself all attributes.
            try DirectoryContent.remove(staged.files)
        }
        let watch = SpaceWatch(path: staged.path, minimum: host.configuration.minimumFreeSpace)
        switch await watch.run(try source.copy(to: staged, host)) {
        case .ended(.success): return
        case .full(let free): throw staged.tooSmall(to: "import", "\(free.rounded) are left in the middle of it")
        case .ended(.failure(let failure)):
            guard case .exited = failure.reason, !Task.isCancelled else {
                throw HostError("the import of '\(source.path)' was ended", disposition: .interrupted)
            }
            guard !failure.tail.contains("No space left on device") else {
                throw staged.tooSmall(to: "import", "the disk is full")
            }
            throw HostError(
                "cannot copy '\(source.path)': \(failure.tail)",
                hint: "nothing may change it meanwhile: stop what writes there, then import again")
        }
    }

    private func remove(_ staged: StagedData) async throws(HostError) {
        try await BlockingWork.run("remove '\(staged.path)'", deadline: .seconds(3600)) { () throws(HostError) in
            try staged.remove()
        }
    }

    /// Users have other numbers in an image than on the host that the data is from.
    private func ownerNotes(_ staged: StagedData, _ plan: ResolvedPlan) throws(HostError) -> [String] {
        let volumes = plan.containers.values.flatMap(\.volumes).filter { $0.dataName == staged.name }
        guard let wanted = volumes.compactMap(\.owner).first else { return [] }
        let status = try FileStatus.at(staged.directory)
        let found = FileOwner(user: status.owner, group: status.group)
        guard found != wanted else { return [] }
        return [
            "it belongs to '\(found)', in the plan to '\(wanted)': if the container cannot read it, "
                + "'chown -R \(wanted) \(staged.directory)'"
        ]
    }
}
