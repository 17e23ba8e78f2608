internal import Files
internal import Glibc
internal import Model

extension DataRename {
    /// `nil` when there is nothing to do. Two that hold something are an error where the one to be renamed is in use.
    init?(_ move: DataMove, in root: String) throws(HostError) {
        var source: DataPlace?
        for place in move.from where source == nil {
            switch try DataDirectories.condition(of: place.path(in: root)) {
            case .filled, .empty, .blocked, .unreadable: source = place
            case .missing, .unfinished: break
            }
        }
        guard let source else {
            guard let lost = move.inUse, try Self.isFree(move.to, in: root) else { return nil }
            throw HostError(
                "data directory '\(lost.path(in: root))', which is to be called '\(move.to.name)', was on this host and "
                    + "is gone",
                hint: "mount the disk that it is on, or bring it back", disposition: .transient)
        }
        guard try Self.isFree(move.to, in: root) else {
            guard source == move.inUse, try !Self.isMounted(source, at: move.to, in: root) else { return nil }
            throw HostError(
                "'\(move.to.path(in: root))' holds data already, so '\(source.path(in: root))' cannot be renamed to it",
                hint: "move the one that is not wanted out of '\(PathName.directory(of: move.to.path(in: root)))'")
        }
        self.init(from: source, to: move.to)
    }

    /// What would fail when the stack is down already.
    func check(in root: String) throws(HostError) {
        let path = from.path(in: root)
        let own = try FileStatus.at(path)
        guard own.kind == .directory else {
            throw HostError(
                "'\(path)' is \(own.kind.words), but has to be a directory",
                hint: "move it away and bring the directory back")
        }
        let above = PathName.nearestExisting(PathName.directory(of: to.path(in: root)))
        let isOnDiskOfTarget = try FileStatus.at(above, followingLinks: true).device == own.device
        let isMounted = try OwnDisk.isMounted(path)
        guard isOnDiskOfTarget, !isMounted else {
            throw HostError(
                "data directory '\(path)' is a mount point or on a disk of its own, and cannot be renamed",
                hint: "'fairlead teardown', mount that disk at '\(to.path(in: root))' instead, 'fairlead resume', "
                    + "'fairlead reconcile --force': the stack starts with it there")
        }
    }

    func isPossible(in root: String) throws(HostError) -> Bool {
        guard try FileStatus.at(from.path(in: root)).kind == .directory else { return false }
        return try Self.isFree(to, in: root)
    }

    /// The kernel does it at once or not at all.
    func perform(in root: String) throws(HostError) {
        let (old, new) = (from.path(in: root), to.path(in: root))
        // The kernel refuses this for one that is not empty.
        guard rmdir(new) == 0 || errno == ENOENT else { throw HostError.failed("replace the empty '\(new)'") }
        guard Glibc.rename(old, new) == 0 else { throw HostError.failed("rename '\(old)' to '\(new)'") }
        for path in [new, old] { try Descriptor(PathName.directory(of: path), O_RDONLY | O_DIRECTORY).sync() }
    }

    /// Whether the directory that `place` was lies at `other` by now, as that of a disk that is mounted there.
    private static func isMounted(
        _ place: DataPlace, at other: DataPlace, in root: String
    ) throws(HostError) -> Bool {
        let known = try DataMarkFile(stackDirectory: "\(root)/\(place.stack)").read()[place.name]
        let found = try DataDirectories(root: root, stack: other.stack, requiresMount: false).mark(of: other.name)
        guard let known, let found else { return false }
        return known.isSameDirectory(as: found)
    }

    private static func isFree(_ place: DataPlace, in root: String) throws(HostError) -> Bool {
        let condition = try DataDirectories.condition(of: place.path(in: root))
        return condition == .missing || condition == .empty
    }
}

/// Says of a data directory that it has its name only until what runs on it fails: `DATA/STACK/.fairlead-renamed-NAME`.
struct RenameMark {
    private static let prefix = ".fairlead-renamed-"

    let place: DataPlace
    private let path: String

    init(of place: DataPlace, in root: String) {
        self.place = place
        path = "\(root)/\(place.stack)/\(Self.prefix)\(place.name)"
    }

    static func all(in root: String) throws(HostError) -> [RenameMark] {
        var marks: [RenameMark] = []
        for stack in try DirectoryContent.names(in: root).sorted() where PathName.isPlainName(stack) {
            guard try FileStatus.at("\(root)/\(stack)").kind == .directory else { continue }
            for name in try DirectoryContent.names(in: "\(root)/\(stack)").sorted() where name.hasPrefix(prefix) {
                marks.append(
                    RenameMark(of: DataPlace(stack: stack, name: String(name.dropFirst(prefix.count))), in: root))
            }
        }
        return marks
    }

    /// On stable storage when it returns.
    func write(_ former: DataPlace) throws(HostError) {
        try AtomicFile.write(Array("\(former.stack)/\(former.name)\n".utf8), to: path)
    }

    func remove() throws(HostError) { try AtomicFile.remove(path) }

    /// What it was called.
    func former() -> DataPlace? {
        guard let bytes = try? Descriptor(path, O_RDONLY | O_NOFOLLOW).read(limit: 4096) else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first?.split(separator: "/") ?? []
        guard parts.count == 2, parts.allSatisfy({ PathName.isPlainName(String($0)) }) else { return nil }
        return DataPlace(stack: String(parts[0]), name: String(parts[1]))
    }
}
