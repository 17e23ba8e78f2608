internal import Glibc
public import Model

/// Writes whole files: after a crash or a power cut there is the old content or the new, never a part.
public enum AtomicFile {
    /// Replaces `path`; on stable storage when it returns.
    public static func write(
        _ bytes: [UInt8], to path: String, mode: FileMode = FileMode(bits: 0o600), owner: FileOwner? = nil
    ) throws(HostError) {
        try withTemporary(bytes, for: path, mode: mode, owner: owner) { temporary throws(HostError) in
            guard rename(temporary, path) == 0 else { throw HostError.failed("replace '\(path)'") }
        }
    }

    /// Makes `path` unless something is there already; returns whether it did.
    public static func create(
        _ bytes: [UInt8], at path: String, mode: FileMode = FileMode(bits: 0o600)
    ) throws(HostError) -> Bool {
        var made = true
        try withTemporary(bytes, for: path, mode: mode, owner: nil) { temporary throws(HostError) in
            // Unlike rename, a link never replaces a file that another process made meanwhile.
            guard link(temporary, path) != 0 else { return }
            guard errno == EEXIST else { throw HostError.failed("create '\(path)'") }
            made = false
        }
        return made
    }

    /// Removes `path` if it exists; gone from stable storage when it returns.
    public static func remove(_ path: String) throws(HostError) {
        guard unlink(path) != 0 else {
            return try Descriptor(PathName.directory(of: path), O_RDONLY | O_DIRECTORY).sync()
        }
        guard errno == ENOENT else { throw HostError.failed("remove '\(path)'") }
    }

    private static func withTemporary(
        _ bytes: [UInt8], for path: String, mode: FileMode, owner: FileOwner?,
        place: (String) throws(HostError) -> Void
    ) throws(HostError) {
        let directory = PathName.directory(of: path)
        let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
        let temporary = "\(directory)/.\(PathName.name(of: path)).\(suffix)"
        let file = try Descriptor(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
        // After a successful rename nothing is left under this name.
        defer { unlink(temporary) }
        try file.write(bytes)
        try file.setOwner(owner ?? FileOwner(user: geteuid(), group: getegid()), mode: mode)
        try file.sync()
        try place(temporary)
        try Descriptor(directory, O_RDONLY | O_DIRECTORY).sync()
    }
}
