internal import Files
internal import FoundationEssentials
internal import Glibc
internal import Model

/// The content of one data directory that is not in place yet: `DATA/STACK/.fairlead-restore-VOLUME`.
struct StagedData: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        /// A deployment fetched it; one that fails removes it.
        case restore = ".fairlead-restore-"
        /// An operator brought it: it waits until it is the stack's.
        case `import` = ".fairlead-import-"
    }

    /// Of the data directory.
    let name: String
    let stackDirectory: String
    let kind: Kind

    init(of name: String, in stackDirectory: String, kind: Kind = .restore) {
        self.name = name
        self.stackDirectory = stackDirectory
        self.kind = kind
    }

    /// `nil` unless `entry` is the name of one.
    init?(named entry: String, in stackDirectory: String) {
        guard let kind = Kind.allCases.first(where: { entry.hasPrefix($0.rawValue) }) else { return nil }
        self.init(of: String(entry.dropFirst(kind.rawValue.count)), in: stackDirectory, kind: kind)
    }

    var path: String { "\(stackDirectory)/\(kind.rawValue)\(name)" }
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
        return try? Origin.decoded(bytes)
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
