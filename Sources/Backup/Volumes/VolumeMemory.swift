internal import Files
internal import FoundationEssentials
internal import Glibc
internal import Model

/// What this host remembers of the data directories of its stack from their runs: `STATE/backup/volumes.json`.
struct VolumeMemory: Codable, Hashable, Sendable {
    /// One data directory; of its newest run that was not much smaller than the one before.
    struct Volume: Codable, Hashable, Sendable {
        /// Absent where no run holds it, or where what it held does not count any more.
        var run: BackupRunID?
        /// Absent where it is not known.
        var extent: DataExtent?
        /// Of what was read; the extent of something else is no measure.
        var selection: [String] = []
        /// Whether the directory held something, be it saved as a dump; absent where that is not known.
        var wasFilled: Bool?
        /// An operator said that it is as it should be, whatever it held; absent: no.
        var isAccepted: Bool?

        /// What `extent` of a run is to be compared with: `nil` where it is as big as it should be.
        ///
        /// What was read in another way is no measure, unless that is the doing of an image: nobody committed it.
        func shrink(to extent: DataExtent?, of volume: VolumeCopy, _ rule: ShrinkRule) -> DataShrink? {
            guard let run, let before = self.extent, let extent,
                selection == volume.selection || volume.isByImage, rule.isBroken(from: before, to: extent)
            else { return nil }
            return DataShrink(run: run, before: before)
        }
    }

    var stack: String
    var volumes: [String: Volume] = [:]

    private static func path(_ stateDirectory: String) -> String { "\(stateDirectory)/backup/volumes.json" }

    /// Of the stack of `plan`, also by what it and its data directories were called formerly. An empty one where nothing was
    /// remembered yet, of another stack least of all.
    static func read(of plan: ResolvedPlan, stateDirectory: String) -> Self {
        let bytes = (try? Descriptor(path(stateDirectory), O_RDONLY).read(limit: 16 << 20)) ?? []
        guard let known = try? JSONDecoder().decode(Self.self, from: Data(bytes)),
            known.stack == plan.stack || known.stack == plan.formerly
        else { return Self(stack: plan.stack) }
        var memory = Self(stack: plan.stack, volumes: known.stack == plan.stack ? known.volumes : [:])
        for (name, places) in plan.formerPlaces where memory.volumes[name] == nil {
            memory.volumes[name] =
                places.lazy.filter { $0.stack == known.stack }
                .compactMap { known.volumes[$0.name] }.first
        }
        return memory
    }

    func write(stateDirectory: String) throws(HostError) {
        let path = Self.path(stateDirectory)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        guard let bytes = try? encoder.encode(self) else { throw HostError("cannot write '\(path)'") }
        try PathName.createDirectories(PathName.directory(of: path))
        try AtomicFile.write(Array(bytes), to: path)
    }

    /// What it is once `run` holds `archive` of `volume`. One that shrank stays what it was: else the next run would say
    /// that all is well.
    mutating func add(_ archive: VolumeArchive, of volume: VolumeCopy, wasFilled: Bool, _ run: BackupRunID) {
        guard archive.shrunk == nil else { return }
        volumes[volume.name] = Volume(
            run: run, extent: archive.read, selection: volume.selection, wasFilled: wasFilled)
    }

    /// No run holds these.
    mutating func begin(_ names: some Sequence<String>) {
        for name in names { volumes[name] = Volume() }
    }

    /// From now on these are as they should be, whatever they hold.
    mutating func accept(_ names: some Sequence<String>) {
        for name in names { volumes[name] = Volume(isAccepted: true) }
    }
}

extension VolumeCopy {
    /// What decides how much is read of one and the same directory.
    var selection: [String] {
        [mode == .hook ? "dump" : engine.rawValue] + dump + exclude.map { "-\($0)" } + include.map { "+\($0)" }
    }
}
