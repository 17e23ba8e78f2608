internal import Files
internal import Glibc

/// Directories that lie so deep that no program could bring back by its path what is in them; what makes a container nest
/// like that, a fault or malice, must not cost the rest of its data.
struct DeepDirectories: Hashable, Sendable {
    /// Of the path of a directory in its data directory, in bytes. With the name of a file in it (255), and the path of the
    /// place that it is restored to, the whole stays below what the kernel takes (4096).
    static let longest = 3500
    /// A copy names each of them to its programs.
    static let most = 100

    /// The topmost of each branch, relative to the data directory.
    private(set) var paths: [[UInt8]] = []
    /// There are more than `most`.
    private(set) var areCountless = false

    /// Those of `volume` that it does not leave out anyway.
    init(of volume: VolumeCopy) { self.init(in: volume.directory, where: volume.takes) }

    /// Those in `directory` that `isWanted`.
    init(in directory: String, where isWanted: ([UInt8]) -> Bool = { _ in true }) {
        // What moves meanwhile is looked for again; a directory that cannot be read is for the copy to tell.
        for _ in 0..<3 {
            if (try? search(directory, isWanted)) != nil { return }
        }
    }

    /// For people of this host.
    var shown: [String] { paths.map(Self.shown) }

    /// For everybody who can read the storage.
    var note: String? {
        guard !paths.isEmpty else { return nil }
        let which = paths.count == 1 ? "1 directory" : "\(paths.count) directories"
        return "\(which) with a path of over \(Self.longest) bytes \(paths.count == 1 ? "is" : "are") not saved"
    }

    /// Patterns of tar and of restic, each for one path, with `prefix` before it and a line end after it.
    func patterns(after prefix: String) -> [UInt8] {
        paths.flatMap { Self.pattern(of: Array(prefix.utf8) + $0) + [UInt8(ascii: "\n")] }
    }

    private static func pattern(of path: [UInt8]) -> [UInt8] {
        path.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "\n"): [UInt8(ascii: "?")]
            default: "\\*?[".utf8.contains(byte) ? [UInt8(ascii: "\\"), byte] : [byte]
            }
        }
    }

    private static func shown(_ path: [UInt8]) -> String {
        "\(String(decoding: path.prefix(60), as: UTF8.self))… (\(path.count) bytes)"
    }

    /// Throws when something moved, so that the rest was not seen.
    private mutating func search(_ directory: String, _ isWanted: ([UInt8]) -> Bool) throws(HostError) {
        (paths, areCountless) = ([], false)
        var cursor = DirectoryCursor(at: try Descriptor(directory, O_RDONLY | O_DIRECTORY))
        var path: [UInt8] = []
        var pending = [try Self.directories(at: cursor)]
        while let last = pending.indices.last, !areCountless {
            if let name = pending[last].popLast() {
                let found = path + name.dropLast().map { UInt8(bitPattern: $0) }
                if found.count > Self.longest {
                    if isWanted(found) { add(found) }
                } else if (try? cursor.enter(name)) != nil {
                    path = found + [UInt8(ascii: "/")]
                    pending.append((try? Self.directories(at: cursor)) ?? [])
                }
            } else {
                pending.removeLast()
                guard last > 0 else { return }
                path.removeLast(try cursor.leave().count)
            }
        }
    }

    private mutating func add(_ path: [UInt8]) {
        guard paths.count < Self.most else {
            areCountless = true
            return
        }
        paths.append(path)
    }

    private static func directories(at cursor: borrowing DirectoryCursor) throws(HostError) -> [DirectoryCursor.Name] {
        let entries = try cursor.entries()
        var names: [DirectoryCursor.Name] = []
        while let entry = entries.next() { if entry.mayBeDirectory { names.append(entry.name) } }
        return names
    }
}

extension VolumeCopy {
    /// Whether its `include` and `exclude` leave `path` in; as tar matches them.
    fileprivate func takes(_ path: [UInt8]) -> Bool {
        let text = path.map { CChar(bitPattern: $0) } + [0]
        let isIncluded = include.isEmpty || include.contains { path.starts(with: Array("\($0)/".utf8)) || $0 == "." }
        // Glibc's FNM_LEADING_DIR, which its module leaves out: what lies below a match matches as well.
        return isIncluded && !exclude.contains { fnmatch($0, text, 1 << 3) == 0 }
    }
}
