internal import Glibc
internal import HostSystem
internal import Model

/// The file systems and the directories that hold state and data.
struct StorageChecks {
    let configuration: VSNConfiguration

    var checks: [HostCheck] {
        let directories = [("state", configuration.stateDirectory), ("data", configuration.dataRoot)]
        return [space("engine storage", configuration.engine.storage)]
            + directories.flatMap { [space($0.0, $0.1)] + mode($0.0, $0.1) } + [machine]
    }

    /// Whose data they are.
    private var machine: HostCheck {
        let name = "machine"
        guard let own = MachineMark.current(host: configuration.host) else {
            return .warn(name, "it has no id: a copy of its disk is not noticed", "systemd-machine-id-setup")
        }
        do {
            guard let mark = try MachineMark.read(ofDataRoot: configuration.dataRoot), mark.machine != own.machine
            else {
                return .ok(name, "no data of another machine; this one is \(own.machine)")
            }
            return .fail(
                name, "the data in '\(configuration.dataRoot)' are of another machine, host '\(mark.host)'".printable,
                "where that one is off, or no longer runs the stack: fairlead adopt")
        } catch {
            return .fail(name, error)
        }
    }

    private func space(_ name: String, _ path: String) -> HostCheck {
        var status = statvfs()
        let existing = Self.nearestExisting(path)
        guard statvfs(existing, &status) == 0 else {
            return .fail(name, "cannot look at '\(path)': \(String(cString: strerror(errno)))")
        }
        // A file system such as /proc has no blocks: nothing can be made there, however much room there is.
        guard status.f_blocks > 0, access(existing, W_OK) == 0, Self.isDirectory(existing) else {
            return .fail(
                name, "'\(path)' cannot be made in '\(existing)'", "name another directory in the configuration")
        }
        let free = ByteCount(bytes: Int64(status.f_bavail) * Int64(status.f_frsize))
        let total = Int64(status.f_blocks) * Int64(status.f_frsize)
        let inodes = status.f_files == 0 ? 100 : status.f_favail * 100 / status.f_files
        let found = "\(free.rounded) free at '\(path)'"
        if free.bytes < 1 << 30 {
            return .fail(name, found, "make room: a deployment needs 1 GiB; 'podman image prune' may help")
        }
        if inodes < 1 { return .fail(name, "no inodes left at '\(path)'", "remove files that nobody needs") }
        return free.bytes < total / 10 ? .warn(name, found, "less than a tenth of the disk is free") : .ok(name, found)
    }

    /// Secrets and customers' data: nobody else may enter.
    private func mode(_ name: String, _ path: String) -> [HostCheck] {
        var status = stat()
        guard stat(path, &status) == 0 else { return [] }
        let mode = FileMode(bits: UInt32(status.st_mode) & 0o7777)
        guard mode.bits & 0o077 != 0 else { return [] }
        return [.warn(name, "'\(path)' has mode \(mode): others can look into it", "chmod 0700 \(path)")]
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func nearestExisting(_ path: String) -> String {
        var path = path
        while access(path, F_OK) != 0, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
            path = String(path[..<slash])
        }
        return access(path, F_OK) == 0 ? path : "/"
    }
}
