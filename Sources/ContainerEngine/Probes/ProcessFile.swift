internal import Glibc

/// A file of the kernel about one process.
enum ProcessFile {
    /// The first 64 KiB; `nil` when there is no such process.
    ///
    /// Not by Foundation: that loses memory with each empty file, and every kernel thread has an empty command line.
    static func read(_ name: String, of pid: Int32) -> [UInt8]? {
        let descriptor = open("/proc/\(pid)/\(name)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count < 64 << 10 {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        return bytes
    }

    /// Which namespace of that kind it is in; `nil` where that cannot be seen.
    static func namespace(_ kind: String, of pid: Int32) -> UInt? {
        var status = stat()
        return stat("/proc/\(pid)/ns/\(kind)", &status) == 0 ? UInt(status.st_ino) : nil
    }
}
