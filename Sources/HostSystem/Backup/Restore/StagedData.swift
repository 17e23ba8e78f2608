internal import FoundationEssentials
internal import Glibc
internal import Planning

/// The content of one data directory that was fetched and is not in place: `DATA/STACK/.fairlead-restore-VOLUME`.
struct StagedData: Sendable {
    /// What was fetched; written when all of it is checked and on stable storage.
    struct Origin: Codable, Hashable, Sendable {
        var run: BackupRunID
        var host: String
        var target: String
        var archive: VolumeArchive
    }

    private static let prefix = ".fairlead-restore-"

    /// Of the data directory.
    let name: String
    let stackDirectory: String

    init(of name: String, in stackDirectory: String) {
        self.name = name
        self.stackDirectory = stackDirectory
    }

    /// `nil` unless `entry` is the name of one.
    init?(named entry: String, in stackDirectory: String) {
        guard entry.hasPrefix(Self.prefix) else { return nil }
        self.init(of: String(entry.dropFirst(Self.prefix.count)), in: stackDirectory)
    }

    var path: String { "\(stackDirectory)/\(Self.prefix)\(name)" }
    /// The data directory to be.
    var files: String { "\(path)/files" }
    var dump: String { "\(path)/dump" }
    /// That the files come from, in what was fetched.
    var line: ResticLine { ResticLine(of: "line", in: path) }
    /// The directory that holds what comes from it.
    var unpacked: String { "\(path)/unpacked" }
    /// Of the parts, as they were read.
    var sums: String { "\(path)/sums" }
    private var originFile: String { "\(path)/origin.json" }
    /// Where it is going to lie.
    var directory: String { "\(stackDirectory)/\(name)" }

    /// `nil` when it is not whole.
    func origin() -> Origin? {
        guard let bytes = try? Descriptor(originFile, O_RDONLY).read(limit: 16 << 20) else { return nil }
        return try? JSONDecoder().decode(Origin.self, from: Data(bytes))
    }

    /// An empty one in place of whatever is there.
    func begin() throws(HostError) {
        try remove()
        try PathName.createDirectories(files)
        try PathName.createDirectories(line.directory)
    }

    func complete(_ origin: Origin) throws(HostError) {
        guard let bytes = try? JSONEncoder().encode(origin) else { return }
        try AtomicFile.write(Array(bytes), to: originFile)
    }

    /// It stops being whole first: a part of it must never be taken for all.
    func remove() throws(HostError) {
        guard try FileStatus.at(path).kind != .missing else { return }
        endOrphan()
        try AtomicFile.remove(originFile)
        try DirectoryContent.remove(path)
    }

    /// One that a Fairlead started which was killed may still be unpacking.
    private func endOrphan() {
        guard let bytes = try? Descriptor("\(sums).process", O_RDONLY).read(limit: 64),
            let process = pid_t(String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace })
        else { return }
        OrphanedScript.end(process, mentioning: path)
    }
}

extension StagedData {
    /// For people: `restored from run 20261121T020000Z of 'vsn1' (3 h old, 50.5 MiB, target 'offsite')`.
    func change(_ verb: String, _ origin: Origin, at now: Timestamp) -> PlanChange {
        let size = ByteCount(bytes: origin.archive.bytes).rounded
        return change(
            "\(verb) from run \(origin.run) of '\(origin.host)' "
                + "(\(now.age(of: origin.run.moment)) old, \(size), target '\(origin.target)')")
    }

    func change(_ text: String) -> PlanChange {
        PlanChange(subject: "data directory '\(name)'", kind: .changed, text: text)
    }
}

extension Timestamp {
    /// In the unit that fits: `12 min`, `3 h`, `5 days`.
    func age(of earlier: Timestamp) -> String {
        let minutes = max(0, since(earlier).components.seconds / 60)
        switch minutes {
        case ..<120: return "\(minutes) min"
        case ..<(48 * 60): return "\(minutes / 60) h"
        default: return "\(minutes / (24 * 60)) days"
        }
    }
}
