internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// The files of an image in the directories of its layers, as overlay file systems put them together.
///
/// What is in there was written by a stranger: no link is followed, and after many looks nothing more is known. A
/// directory that an upper layer emptied still shows what the lower ones have: nothing is refused for that.
public struct ImageLayers: ImageTree {
    /// On the host, the topmost first.
    private let directories: [String]
    private let patience = Patience()

    /// `nil` where they are not whole: what is not seen might be there all the same.
    public init?(_ directories: [String]) {
        // Layers that are kept as one file (composefs) leave these empty.
        let isWhole =
            !directories.isEmpty
            && directories.allSatisfy { directory in
                Self.status(directory)?.isDirectory == true && Self.status("\(directory)/../composefs-data") == nil
            }
        guard isWhole else { return nil }
        self.directories = directories
    }

    public func entry(at names: [String]) -> ImageEntry? {
        for directory in directories {
            switch find(names, in: directory) {
            case .nothing: continue
            case .hidden: return nil
            case .entry(let entry, _): return entry
            }
        }
        return nil
    }

    public func beginning(of names: [String]) -> [UInt8] {
        for directory in directories {
            switch find(names, in: directory) {
            case .nothing: continue
            case .entry(.file, let path): return Self.beginning(path)
            case .hidden, .entry: return []
            }
        }
        return []
    }

    private enum Find {
        case nothing
        /// It is removed here, or a part of its way is.
        case hidden
        case entry(ImageEntry, at: String)
    }

    private func find(_ names: [String], in directory: String) -> Find {
        var path = directory
        for (index, name) in names.enumerated() {
            path += "/" + name
            guard patience.lasts(for: index + 1) else { return .entry(.unknown, at: path) }
            var status = stat()
            guard lstat(path, &status) == 0 else {
                return errno == ENOENT ? .nothing : .entry(.unknown, at: path)
            }
            guard !status.isWhiteout else { return .hidden }
            if index == names.count - 1 { return .entry(entry(path, status), at: path) }
            guard status.isDirectory else { return .hidden }
        }
        return .entry(.directory, at: path)
    }

    private func entry(_ path: String, _ status: stat) -> ImageEntry {
        switch status.st_mode & S_IFMT {
        case S_IFDIR: .directory
        case S_IFREG: .file(executable: status.st_mode & 0o111 != 0)
        case S_IFLNK: link(path) ?? .unknown
        default: .other
        }
    }

    private func link(_ path: String) -> ImageEntry? {
        guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else { return nil }
        return patience.lasts(for: target.utf8.count) ? .link(target) : nil
    }

    /// As much as the kernel looks at, and the table of a program besides.
    private static let read = 4096

    private static func beginning(_ path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Self.read)
        let count = Glibc.read(descriptor, &bytes, Self.read)
        return count > 0 ? Array(bytes.prefix(count)) : []
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }
}

/// Bounds the looks at one image: whoever made it chooses how long its PATH, its paths and its links are, whose product
/// would take hours.
private final class Patience: Sendable {
    /// Names that are looked up and bytes of links; a program in 100 layers takes some thousands.
    private let left = Mutex(1 << 18)

    func lasts(for cost: Int) -> Bool {
        left.withLock { left in
            left = max(-1, left - cost)
            return left >= 0
        }
    }
}

extension stat {
    fileprivate var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
    /// What stands for a removed name: a device of the number 0.
    fileprivate var isWhiteout: Bool { st_mode & S_IFMT == S_IFCHR && st_rdev == 0 }
}
