internal import Files
internal import FoundationEssentials
internal import Glibc
internal import Model

/// A file of the host that other programs read and write too.
struct SystemFile {
    let path: String
    /// Where the intent is kept while a file is written in place.
    let intents: PendingWrite

    static let limit = 1 << 20

    /// What it is, links not followed.
    func read() throws(HostError) -> HostValue {
        switch try FileStatus.at(path).kind {
        case .missing: return .missing
        case .symlink: return .link(try Self.target(of: path))
        default: return .content(Data(try Descriptor(path, O_RDONLY).read(limit: Self.limit)))
        }
    }

    /// Makes it so, on stable storage when it returns.
    func write(_ value: HostValue) throws(HostError) {
        switch value {
        case .content(let data): try replace(Array(data))
        case .link(let target): try link(to: target)
        default:
            guard unlink(path) == 0 || errno == ENOENT else { throw HostError.failed("remove '\(path)'") }
            try Descriptor(PathName.directory(of: path), O_RDONLY | O_DIRECTORY).sync()
        }
    }

    /// Mode and owner stay. A file that is a mount of its own cannot be replaced, and one with a security label would
    /// lose it: they are written in place.
    private func replace(_ bytes: [UInt8]) throws(HostError) {
        try Self.createDirectories(PathName.directory(of: path))
        let status = try FileStatus.at(path)
        guard status.kind == .file else {
            return try AtomicFile.write(bytes, to: path, mode: FileMode(bits: 0o644))
        }
        guard try !MountPoint.isMounted(path), access("/sys/fs/selinux/enforce", F_OK) != 0 else {
            return try intents.write(bytes, to: path)
        }
        try AtomicFile.write(
            bytes, to: path, mode: FileMode(bits: status.mode),
            owner: FileOwner(user: status.owner, group: status.group))
    }

    private func link(to target: String) throws(HostError) {
        let temporary = "\(PathName.directory(of: path))/.\(PathName.name(of: path)).fairlead"
        unlink(temporary)
        guard symlink(target, temporary) == 0, rename(temporary, path) == 0 else {
            let error = HostError.failed("link '\(path)' to '\(target)'")
            unlink(temporary)
            throw error
        }
        try Descriptor(PathName.directory(of: path), O_RDONLY | O_DIRECTORY).sync()
    }

    /// Open to every user, unlike Fairlead's own: daemons that are not root read what lies in them.
    private static func createDirectories(_ path: String) throws(HostError) {
        guard try FileStatus.at(path, followingLinks: true).kind == .missing else { return }
        let parent = PathName.directory(of: path)
        try createDirectories(parent)
        guard mkdir(path, 0o755) == 0, chmod(path, 0o755) == 0 else { throw HostError.failed("create '\(path)'") }
        try Descriptor(parent, O_RDONLY | O_DIRECTORY).sync()
    }

    static func target(of path: String) throws(HostError) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        guard count >= 0 else { throw HostError.failed("read the link '\(path)'") }
        return String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Where `path` leads, all links followed; `path` itself when nothing is there.
    static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}

/// A write in place, which a crash can leave half done: the new content is on stable storage before it begins.
struct PendingWrite {
    /// The file that holds the intent.
    let path: String

    private struct Intent: Codable {
        let path: String
        let content: Data
    }

    func write(_ bytes: [UInt8], to file: String) throws(HostError) {
        try begin(bytes, to: file)
        try finish()
    }

    func begin(_ bytes: [UInt8], to file: String) throws(HostError) {
        try SettingsFile.write(Intent(path: file, content: Data(bytes)), to: path)
    }

    /// Does again what a crash may have cut off; nothing when there is no intent.
    func finish() throws(HostError) {
        guard let intent = try SettingsFile.read(Intent.self, from: path) else { return }
        let file = try Descriptor(intent.path, O_WRONLY)
        try file.write(Array(intent.content))
        guard ftruncate(file.number, off_t(intent.content.count)) == 0 else {
            throw HostError.failed("write '\(intent.path)'")
        }
        try file.sync()
        try SettingsFile.remove(path)
    }
}
