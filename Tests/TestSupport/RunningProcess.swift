internal import Foundation

/// A process of this machine.
struct RunningProcess {
    let pid: Int32
    let arguments: [String]

    static func all() -> [RunningProcess] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.map { pid in
            RunningProcess(
                pid: pid, arguments: commandLine(pid).split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
        }
    }

    /// Not by Foundation: that loses memory with each empty file, and every kernel thread has an empty one.
    private static func commandLine(_ pid: Int32) -> [UInt8] {
        let descriptor = open("/proc/\(pid)/cmdline", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = read(descriptor, &buffer, buffer.count)
        return Array(buffer.prefix(max(0, count)))
    }
}
