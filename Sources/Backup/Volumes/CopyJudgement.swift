internal import Files
internal import FoundationEssentials
internal import Model

/// A data directory that is in the spool.
struct CopiedVolume: Hashable, Sendable {
    let volume: VolumeCopy
    /// `nil` of a repository of restic, which knows it itself.
    let extent: DataExtent?
    /// For the manifest.
    private(set) var notes: [String]
    /// Paths that were left out as nothing could bring them back, for people of this host.
    private(set) var leftOut: [String] = []

    init(volume: VolumeCopy, extent: DataExtent?, notes: [String]) {
        self.volume = volume
        self.extent = extent
        self.notes = notes
    }

    /// Without `deep`.
    func lacking(_ deep: DeepDirectories?) -> Self {
        guard let deep, let note = deep.note else { return self }
        var copied = self
        copied.notes.append(note)
        copied.leftOut = deep.shown
        return copied
    }
}

/// What the copy of one volume came to, from what its programs said.
struct CopyJudgement {
    let volume: VolumeCopy
    let report: VolumeReport
    /// What can be said of a path by now.
    let readability: (String) -> Readability

    enum Outcome: Hashable, Sendable {
        case saved(CopiedVolume)
        case failed(VolumeFailure)
    }

    /// `nil` when the copy did not come to its end.
    var outcome: Outcome? {
        if volume.mode == .hook { return dump }
        return volume.engine == .restic ? snapshot : files
    }

    /// The repository of restic does not work: it is no base for another run.
    var hasBrokenRepository: Bool { [1, 10, 12].contains(report.status(of: "restic")) }

    private var dump: Outcome? {
        guard let status = report.status(of: "dump") else { return nil }
        if let failure = failure(before: "dump") { return failure }
        guard status == 0 else { return failed("its dump failed with exit status \(status)") }
        guard let bytes = report.dumped, bytes > 0 else { return failed("its dump is empty") }
        return saved(DataExtent(bytes: bytes), Changes())
    }

    private var files: Outcome? {
        guard let status = report.status(of: "tar") else { return nil }
        if let failure = failure(before: "tar") { return failure }
        let complaints = TarComplaints(report.said, tops: ["", ".", volume.directory] + volume.include)
        guard status < 2 || status == 2 && complaints.explainFailure else {
            return failed(Self.unread + (complaints.cause.map { ": \($0)" } ?? ""), complaints.errors)
        }
        return saved(
            DataExtent(bytes: complaints.total ?? 0, files: report.count),
            Changes(changed: complaints.changed, removed: complaints.removed))
    }

    private var snapshot: Outcome? {
        if report.status(of: "sync") != nil { return failed("what is not on the disk yet cannot be written there") }
        guard let status = report.status(of: "restic") else { return nil }
        guard status == 0 || status == 3 else { return failed("restic failed with exit status \(status)") }
        guard let stream = report.status(of: "stream") else { return nil }
        if let failure = failure(before: "stream") { return failure }
        guard stream == 0 else { return failed("what is new in its repository cannot be read") }
        let complaints = ResticComplaints(report.said, below: PathName.directory(of: volume.directory), readability)
        guard status == 0 || complaints.errors.isEmpty && complaints.changed + complaints.removed > 0 else {
            return failed(Self.unread, complaints.errors)
        }
        return saved(nil, Changes(changed: complaints.changed, removed: complaints.removed))
    }

    private static let unread = "not all of it could be read"

    /// Of what came after `reader`: that one only lost who took it then.
    private func failure(before reader: String) -> Outcome? {
        guard let failed = report.failed, failed.program != reader else { return nil }
        switch failed.program {
        case "zstd": return self.failed("it cannot be compressed")
        case "seal": return self.failed("it cannot be encrypted, or written to the spool")
        default: return nil
        }
    }

    private func saved(_ extent: DataExtent?, _ changes: Changes) -> Outcome {
        let mayChange = volume.mode == .live && volume.container != nil
        return .saved(
            CopiedVolume(
                volume: volume, extent: extent, notes: volume.notes + changes.notes(areExpected: mayChange)))
    }

    private func failed(_ reason: String, _ said: [String]? = nil) -> Outcome {
        let lines = (said ?? report.said).filter { !$0.hasPrefix("Total bytes written") }
        return .failed(
            VolumeFailure(
                volume.name, "not saved: \(reason)",
                said: String(lines.suffix(3).joined(separator: " | ").suffix(600)), hint: VolumeFailure.next))
    }
}

/// How many files did not keep still while they were read.
struct Changes: Hashable, Sendable {
    var changed = 0
    var removed = 0

    func notes(areExpected: Bool) -> [String] {
        guard changed + removed > 0 else { return [] }
        let parts = [(changed, "changed"), (removed, "removed")].filter { $0.0 > 0 }
        let words = parts.map { "\($0) \($0 == 1 ? "file was" : "files were") \($1)" }.joined(separator: " and ")
        let advice =
            areExpected
            ? "" : ", although its container was held: something else writes there, and the copy may be torn"
        return ["\(words) while it was read\(advice)"]
    }
}
