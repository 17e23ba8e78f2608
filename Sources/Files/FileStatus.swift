package import Glibc

/// What lies at a path.
package struct FileStatus {
    package enum Kind {
        case missing, directory, file, symlink, other

        /// For people, after 'is'.
        package var words: String {
            switch self {
            case .missing: "missing"
            case .directory: "a directory"
            case .file: "a file"
            case .symlink: "a symlink"
            case .other: "a device, a pipe or a socket"
            }
        }
    }

    package let kind: Kind
    package let mode: UInt32
    package let owner: UInt32
    package let group: UInt32
    package let device: UInt64
    package let inode: UInt64
    /// In bytes.
    package let size: Int64

    /// Permissions that let the file's group or others read it or write to it.
    package var isOpenToOthers: Bool { mode & 0o077 != 0 }

    /// Of the link itself where `path` is a symlink, unless `followingLinks`. Nothing lies below what is no directory.
    package static func at(_ path: String, followingLinks: Bool = false) throws(HostError) -> FileStatus {
        var status = stat()
        guard fstatat(AT_FDCWD, path, &status, followingLinks ? 0 : AT_SYMLINK_NOFOLLOW) == 0 else {
            guard errno == ENOENT || errno == ENOTDIR else { throw HostError.failed("look at '\(path)'") }
            return FileStatus(kind: .missing, mode: 0, owner: 0, group: 0, device: 0, inode: 0, size: 0)
        }
        return FileStatus(status)
    }

    private init(
        kind: Kind, mode: UInt32, owner: UInt32, group: UInt32, device: UInt64, inode: UInt64, size: Int64
    ) {
        self.kind = kind
        self.mode = mode
        self.owner = owner
        self.group = group
        self.device = device
        self.inode = inode
        self.size = size
    }

    package init(_ status: stat) {
        let kind: Kind =
            switch status.st_mode & S_IFMT {
            case S_IFDIR: .directory
            case S_IFREG: .file
            case S_IFLNK: .symlink
            default: .other
            }
        self.init(
            kind: kind, mode: status.st_mode & 0o7777, owner: status.st_uid, group: status.st_gid,
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size))
    }
}
