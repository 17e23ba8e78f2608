internal import Files
internal import FoundationEssentials
internal import Glibc
internal import Model

/// Where one copy of a stack's data lies: `DATA/STACK/.fairlead-before/RUN`.
///
/// One with a manifest is whole, whatever happened since; one with neither that nor an exchange under way is the rest of a
/// broken copy.
struct SnapshotPlace: Sendable {
    static let directoryName = ".fairlead-before"

    let stackDirectory: String
    let run: BackupRunID

    var path: String { "\(stackDirectory)/\(Self.directoryName)/\(run)" }
    var content: String { "\(path)/data" }
    /// Holds the number of the process that copies.
    var processFile: String { "\(path)/process" }
    private var manifestFile: String { "\(path)/snapshot.json" }
    private var exchangeFile: String { "\(path)/exchange.json" }

    func copy(of volume: String) -> String { "\(content)/\(volume)" }
    /// Of one that was copied to its place.
    func used(_ volume: String) -> String { "\(path)/used-\(volume)" }
    func directory(of volume: String) -> String { "\(stackDirectory)/\(volume)" }

    /// Mount points below the data directories of `volumes`, such as `db/archive`.
    func mountsBelow(_ volumes: [String]) throws(HostError) -> [String] {
        var found: [String] = []
        for volume in volumes where try FileStatus.at(directory(of: volume)).kind == .directory {
            found += try MountPoint.below(directory(of: volume)).map { "\(volume)/\($0)" }
        }
        return found
    }

    /// What something is moved into or out of when the copies of `volumes` take their place, where it is there.
    func movedPaths(_ volumes: [String]) -> [String] {
        [stackDirectory, PathName.directory(of: path), content]
            + volumes.flatMap { [directory(of: $0), copy(of: $0)] }
    }

    /// Newest first.
    static func all(in stackDirectory: String) throws(HostError) -> [SnapshotPlace] {
        try DirectoryContent.names(in: "\(stackDirectory)/\(directoryName)").compactMap { BackupRunID($0) }
            .sorted(by: >).map { SnapshotPlace(stackDirectory: stackDirectory, run: $0) }
    }

    /// An empty one in place of whatever is there.
    func begin() throws(HostError) {
        try remove()
        try PathName.createDirectories(content)
    }

    /// `nil` when it is not whole.
    func manifest() throws(HostError) -> DataSnapshot? { try read(manifestFile, DataSnapshot.decoded) }
    func exchange() throws(HostError) -> SnapshotExchange? { try read(exchangeFile, SnapshotExchange.decoded) }

    func complete(_ snapshot: DataSnapshot) throws(HostError) { try write(snapshot, to: manifestFile) }
    func begin(_ exchange: SnapshotExchange) throws(HostError) { try write(exchange, to: exchangeFile) }
    func endExchange() throws(HostError) { try AtomicFile.remove(exchangeFile) }

    /// From now on it is not whole: a part of it must never be taken for all.
    func unmark() throws(HostError) { try AtomicFile.remove(manifestFile) }

    func remove() throws(HostError) {
        guard try FileStatus.at(path).kind != .missing else { return }
        try unmark()
        endOrphan()
        try DirectoryContent.remove(path)
    }

    /// One that a Fairlead started which was killed may still be copying.
    func endOrphan() {
        guard let bytes = try? Descriptor(processFile, O_RDONLY).read(limit: 64),
            let process = pid_t(String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace })
        else { return }
        OrphanedScript.end(process, mentioning: "\(stackDirectory)/\(Self.directoryName)/")
    }

    static func exists(_ path: String) throws(HostError) -> Bool { try FileStatus.at(path).kind != .missing }

    /// On stable storage when it returns.
    static func move(_ old: String, to new: String) throws(HostError) {
        guard rename(old, new) == 0 else { throw cannotMove(old, errno, "'\(old)' to '\(new)'") }
        for path in [new, old] { try Descriptor(PathName.directory(of: path), O_RDONLY | O_DIRECTORY).sync() }
    }

    /// Throws where `path` is immutable, or on a file system that is read-only: nothing can be moved then, into it or out of it.
    static func checkMoving(_ path: String) throws(HostError) {
        guard access(path, W_OK) != 0, errno != ENOENT else { return }
        throw cannotMove(path, errno, "'\(path)', or what is in it")
    }

    private static func cannotMove(_ path: String, _ code: Int32, _ what: String) -> HostError {
        let paths = "\(path) \(PathName.directory(of: path))"
        let hint = code == EPERM ? "'lsattr -d \(paths)' tells what is immutable; 'chattr -i' ends that" : ""
        return HostError.failed("move \(what)", hint: hint, code: code)
    }

    private func read<Value>(_ file: String, _ decoded: ([UInt8]) throws -> Value) throws(HostError) -> Value? {
        guard try FileStatus.at(file).kind != .missing else { return nil }
        let bytes = try Descriptor(file, O_RDONLY).read(limit: 64 << 20)
        do {
            return try decoded(bytes)
        } catch {
            throw HostError(
                "cannot understand '\(file)': \(error)",
                hint:
                    "a newer version of fairlead wrote it, or it is damaged; '\(path)' holds a copy of data: move it away"
            )
        }
    }

    private func write(_ value: some Encodable, to file: String) throws(HostError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            try AtomicFile.write(Array(try encoder.encode(value)), to: file)
        } catch let error as HostError {
            throw error
        } catch {
            throw HostError("cannot write '\(file)': \(error)")
        }
    }
}

/// What a disk brings along may have been written by another machine: a name that leads out of the stack's directory would
/// be moved there as root.
extension DataSnapshot {
    static func decoded(_ bytes: [UInt8]) throws -> Self {
        try JSONDecoder().decode(Self.self, from: Data(bytes)).checked()
    }

    fileprivate func checked() throws -> Self {
        guard (volumes + absent + leftOut).allSatisfy({ DataName($0) != nil }) else {
            throw HostError("it has a data directory whose name is not \(DataName.form)")
        }
        guard PathName.isPlainName(stack) else { throw HostError("it is of a stack whose name leads elsewhere") }
        return self
    }
}

extension SnapshotExchange {
    static func decoded(_ bytes: [UInt8]) throws -> Self {
        let exchange = try JSONDecoder().decode(Self.self, from: Data(bytes))
        _ = (try exchange.snapshot.checked(), try exchange.aside.checked())
        guard (exchange.places ?? [:]).keys.allSatisfy({ DataName($0) != nil }) else {
            throw HostError("it has a data directory whose name is not \(DataName.form)")
        }
        return exchange
    }
}
