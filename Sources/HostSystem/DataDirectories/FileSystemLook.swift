internal import Files
internal import Glibc
internal import Model

/// Which file system an open directory is of.
struct FileSystemLook {
    private let file: Int32
    private let device: UInt64
    /// As `/proc/self/mountinfo` numbers mounts; a device is not enough, since each subvolume of btrfs seems to be one.
    private let mount: UInt64

    static func mark(of directory: borrowing Descriptor, mount: UInt64) throws(HostError) -> FileSystemMark {
        let device = UInt64(try directory.status().st_dev)
        let look = Self(file: directory.number, device: device, mount: mount)
        let (kind, source) = try look.origin()
        var mark = FileSystemMark(number: look.number(), device: device)
        mark.uuid = look.uuidOfKernel() ?? look.uuidOfDevice()
        // All subvolumes have one UUID, and the root of each has one inode number.
        if kind == "btrfs", let uuid = mark.uuid, let number = mark.number { mark.uuid = "\(uuid) \(number)" }
        if namesLast(of: kind) { mark.source = "\(kind) \(source)" }
        return mark
    }

    /// From Linux 6.9 on.
    private func uuidOfKernel() -> String? {
        // FS_IOC_GETFSUUID fills a struct of one byte for the length and 16 for the UUID.
        var answer = [UInt8](repeating: 0, count: 17)
        guard ioctl(file, 0x8011_1500, &answer) == 0, answer[0] == 16 else { return nil }
        let digits = answer.dropFirst().flatMap { [$0 >> 4, $0 & 15] }.map { String($0, radix: 16) }
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { digits[$0].joined() }
        return groups.joined(separator: "-")
    }

    /// As udev knows the disk.
    private func uuidOfDevice() -> String? {
        let directory = "/dev/disk/by-uuid"
        guard let names = try? DirectoryContent.names(in: directory) else { return nil }
        let name = names.first { name in
            var status = stat()
            return fstatat(AT_FDCWD, "\(directory)/\(name)", &status, 0) == 0 && UInt64(status.st_rdev) == device
        }
        return name?.lowercased()
    }

    /// `nil` for those that have none.
    private func number() -> String? {
        var status = statvfs()
        guard fstatvfs(file, &status) == 0, status.f_fsid != 0 else { return nil }
        return String(status.f_fsid, radix: 16)
    }

    /// What kind it is, and from where.
    private func origin() throws(HostError) -> (kind: String, source: String) {
        let mounts = try Descriptor("/proc/self/mountinfo", O_RDONLY).read(limit: 16 << 20)
        let number = String(mount)
        for line in String(decoding: mounts, as: UTF8.self).split(separator: "\n") {
            // 36 35 0:23 / /srv/fairlead rw,noatime - nfs4 server:/export rw
            let fields = line.split(separator: " ")
            guard fields.count > 3, fields[0] == number, let dash = fields.lastIndex(of: "-"), fields.count > dash + 2
            else { continue }
            return (String(fields[dash + 1]), String(fields[dash + 2]))
        }
        return ("", "")
    }

    /// Of one that lies on no disk of this host, or is known by a name of its own.
    private static func namesLast(of kind: String) -> Bool {
        let kinds: Set = ["nfs", "nfs4", "cifs", "smb3", "ceph", "zfs", "9p", "virtiofs", "afs"]
        return kinds.contains(kind) || kind.hasPrefix("fuse.")
    }
}
