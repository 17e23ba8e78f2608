internal import Glibc
package import Model

/// How much a file system still takes.
package struct FileSystemSpace {
    /// For unprivileged writers: services do not run as root.
    package let free: ByteCount
    /// Files and directories that can still be made; `nil` where the file system has no limit.
    package let freeFiles: UInt64?
    package let isReadOnly: Bool

    package static func at(_ path: String) throws(HostError) -> FileSystemSpace {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { throw HostError.failed("look at the file system of '\(path)'") }
        return FileSystemSpace(
            free: ByteCount(bytes: Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))),
            freeFiles: status.f_files == 0 ? nil : UInt64(status.f_favail),
            isReadOnly: status.f_flag & UInt(ST_RDONLY) != 0)
    }

    /// Whether what is written there is gone after a reboot and never reaches a disk (but for swap).
    package static func isInMemory(_ path: String) throws(HostError) -> Bool {
        let device = try FileStatus.at(path, followingLinks: true).device
        let number = "\((device >> 8) & 0xfff):\((device & 0xff) | ((device >> 12) & 0xfff00))"
        let mounts = try Descriptor("/proc/self/mountinfo", O_RDONLY).read(limit: 16 << 20)
        return String(decoding: mounts, as: UTF8.self).split(separator: "\n").contains { line in
            // 36 35 0:23 / /run rw,noatime - tmpfs tmpfs rw
            let fields = line.split(separator: " ")
            guard fields.count > 3, fields[2] == number, let dash = fields.lastIndex(of: "-") else { return false }
            return ["tmpfs", "ramfs"].contains(fields[fields.index(after: dash)])
        }
    }

    package func problems(of path: String, minimum: ByteCount) -> [HostProblem] {
        if isReadOnly {
            return [
                HostProblem(
                    message: "the file system of '\(path)' is read-only",
                    hint: "look for disk errors with 'journalctl -k', repair and remount it")
            ]
        }
        var problems: [HostProblem] = []
        if free.bytes < minimum.bytes {
            problems.append(
                HostProblem(
                    message: "the file system of '\(path)' has \(free.rounded) free, \(minimum.rounded) are needed",
                    hint: "remove what is not needed ('podman system df' shows images), or enlarge it"))
        }
        if let freeFiles, freeFiles < 10_000 {
            problems.append(
                HostProblem(
                    message: "the file system of '\(path)' can hold only \(freeFiles) more files",
                    hint: "'df -i' shows it; remove what is not needed, or make the file system anew with more inodes"))
        }
        return problems
    }
}
