internal import Files
internal import FoundationEssentials
internal import Glibc
internal import Model

/// One data directory that is copied into a repository of restic: what the script is told, and what it says.
struct ResticCopy: Sendable {
    let volume: VolumeCopy
    let line: ResticLine
    /// The run's directory.
    let spool: String

    private func file(_ kind: String) -> String { "\(spool)/\(volume.name).\(kind)" }

    func describe(leavingOut deep: DeepDirectories?) throws(HostError) {
        let links = try line.links()
        func write(_ text: String, _ kind: String, _ further: [UInt8] = []) throws(HostError) {
            try AtomicFile.write(Array(text.utf8) + further, to: file(kind))
        }
        try write(line.directory, "restic")
        try write(links.flatMap(\.files.keys).map { $0 + "\n" }.joined(), "sent")
        try write(links.last?.snapshot ?? "", "parent")
        try write(
            volume.exclude.map { pattern($0) + "\n" }.joined(), "exclude",
            deep?.patterns(after: "\(volume.directory)/") ?? [])
    }

    /// Of restic, for one of the plan, in which `*` at the end alone means something.
    private func pattern(_ text: String) -> String {
        let all = text.hasSuffix("/*")
        let path = "\(volume.directory)/\(all ? text.dropLast(2) : text[...])"
        return path.flatMap { "\\*?[".contains($0) ? ["\\", $0] : [$0] } + (all ? "/*" : "")
    }

    /// What the run `run` has of it in `parts`.
    func archive(of run: BackupRunID, parts: [BackupPart], notes: [String]) throws(HostError) -> VolumeArchive {
        let earlier = try line.links().filter { $0.stream.run < run }.map(\.stream)
        let names = try text("files").split(whereSeparator: \.isNewline).map(String.init)
        var files: [String: Int64] = [:]
        for name in names { files[name] = try FileStatus.at("\(line.directory)/\(name)").size }
        let summary = try summary()
        let prefix = "repository/snapshots/\(summary.snapshot)"
        guard let snapshot = names.first(where: { $0.hasPrefix(prefix) }) else {
            throw HostError("restic made no snapshot of data directory '\(volume.name)'", disposition: .transient)
        }
        guard let id = SnapshotID(PathName.name(of: snapshot)) else {
            throw HostError("'\(snapshot)' is no name of a snapshot", disposition: .transient)
        }
        try line.add(.init(stream: BackupStream(run: run, parts: parts), snapshot: id.description, files: files))
        return VolumeArchive(
            content: .repository, parts: parts,
            snapshot: BackupSnapshot(id: id, bytes: summary.bytes, earlier: earlier),
            read: DataExtent(bytes: summary.bytes, files: summary.files), notes: notes)
    }

    private func text(_ kind: String) throws(HostError) -> String {
        String(decoding: try Descriptor(file(kind), O_RDONLY).read(limit: 256 << 20), as: UTF8.self)
    }

    /// The last line of what `restic backup --json` prints.
    private struct Summary: Decodable {
        var snapshot: String
        var bytes: Int64
        var files: Int64

        enum CodingKeys: String, CodingKey {
            case snapshot = "snapshot_id"
            case bytes = "total_bytes_processed"
            case files = "total_files_processed"
        }
    }

    private func summary() throws(HostError) -> Summary {
        let lines = try text("summary").split(whereSeparator: \.isNewline)
        guard let last = lines.last, let summary = try? JSONDecoder().decode(Summary.self, from: Data(last.utf8)) else {
            throw HostError("restic said nothing of data directory '\(volume.name)'", disposition: .transient)
        }
        return summary
    }
}
