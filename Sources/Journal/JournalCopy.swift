internal import FoundationEssentials
internal import GRDB
internal import Glibc

/// The journal as it lies on the disk, in memory: SQLite has to make a file beside it even to read it, which a directory that
/// is full, without inodes or read-only does not take.
struct JournalCopy {
    let path: String

    /// Memory file systems, which are there when the disk is not to be written.
    private static let places = ["/dev/shm", "/run", "/tmp"]

    /// Whether `error` may come of a directory in which nothing can be made.
    static func helps(against error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        return [.SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_FULL, .SQLITE_IOERR].contains(error.resultCode)
    }

    /// Nobody has it open: whoever had, would have made the file that is missing.
    func loaded(_ configuration: Configuration) throws -> DatabaseQueue {
        let directory = try temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let copied = "\(directory)/journal"
        // With the log, in which the newest records of a process that was killed are.
        for suffix in ["", "-wal"] where suffix.isEmpty || access(path + suffix, F_OK) == 0 {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: copied + suffix)
        }
        let copy = try DatabaseQueue(path: copied, configuration: configuration)
        // A database in memory has no log.
        try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        let memory = try DatabaseQueue(configuration: configuration)
        try copy.backup(to: memory)
        try copy.close()
        return memory
    }

    private func temporaryDirectory() throws -> String {
        for place in Self.places {
            var template = Array("\(place)/fairlead-journal.XXXXXX".utf8CString)
            let made = template.withUnsafeMutableBufferPointer { buffer in
                buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
            }
            if let made { return made }
        }
        throw SystemFailure("make a temporary directory")
    }
}
