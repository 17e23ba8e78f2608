internal import Glibc
internal import Model

/// The database file and its companions.
struct JournalFile {
    let path: String

    var exists: Bool { access(path, F_OK) == 0 }
    private var directory: String { String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) }

    /// Makes an empty file that only its owner can read, in a directory that only its owner can enter.
    func createIfMissing() throws {
        if !directory.isEmpty, mkdir(directory, 0o700) != 0, errno != EEXIST {
            throw SystemFailure("create '\(directory)'")
        }
        // Never opened when it exists: closing a descriptor would drop the SQLite locks of this process on it.
        let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            guard errno == EEXIST else { throw SystemFailure("create '\(path)'") }
            // A journal restored from a backup may have become readable for others.
            guard chmod(path, 0o600) == 0 else { throw SystemFailure("protect '\(path)'") }
            return
        }
        close(descriptor)
        try syncDirectory()
    }

    /// Renames it with its companions; returns where it lies now.
    func setAside(at time: Timestamp) throws -> String {
        let stem = "\(path).corrupt-\(time.compactDate)"
        let target = (1...).lazy.map { $0 == 1 ? stem : "\(stem)-\($0)" }.first { access($0, F_OK) != 0 } ?? stem
        // The log first: left beside a new database it would be replayed into it.
        for suffix in ["-wal", "-shm", ""] where rename(path + suffix, target + suffix) != 0 && errno != ENOENT {
            throw SystemFailure("move '\(path)\(suffix)' aside")
        }
        try syncDirectory()
        return target
    }

    /// Runs `body` while no other process does so for a journal in the same directory.
    func alone<Value>(_ body: () throws -> Value) throws -> Value {
        let descriptor = try openDirectory()
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw SystemFailure("lock '\(directory)'") }
        }
        return try body()
    }

    private func syncDirectory() throws {
        let descriptor = try openDirectory()
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SystemFailure("sync '\(directory)'") }
    }

    private func openDirectory() throws -> Int32 {
        let descriptor = open(directory.isEmpty ? "." : directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemFailure("open '\(directory)'") }
        return descriptor
    }
}

/// A system call failed; captures `errno`.
struct SystemFailure: Error, CustomStringConvertible {
    let description: String
    private let code: Int32

    init(_ action: String, code: Int32 = errno) {
        self.code = code
        description = "cannot \(action): \(String(cString: strerror(code)))"
    }

    /// What to do about it.
    var hint: String {
        switch code {
        case EROFS: "the file system is mounted read-only: see 'mount', and 'journalctl -k' for errors of its disk"
        case ENOSPC, EDQUOT: "make room on that file system: see 'df' and 'df -i'"
        case EACCES, EPERM: "run it as root"
        default: "check the state directory and its disk: 'mount', 'df', 'df -i', 'journalctl -k'"
        }
    }
}

extension Timestamp {
    /// In UTC: `20260131T235959Z`.
    var compactDate: String { inUTC("%Y%m%dT%H%M%SZ") }

    /// In UTC: `2026-01-31 23:59:59 UTC`.
    var words: String { inUTC("%Y-%m-%d %H:%M:%S UTC") }

    private func inUTC(_ format: String) -> String {
        var seconds = time_t(milliseconds / 1000)
        var parts = tm()
        guard gmtime_r(&seconds, &parts) != nil else { return "\(milliseconds)" }
        var text = [CChar](repeating: 0, count: 32)
        let length = strftime(&text, text.count, format, &parts)
        return String(decoding: text.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
