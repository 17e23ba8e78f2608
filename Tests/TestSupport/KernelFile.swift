internal import Foundation

/// A file below `/proc`.
///
/// Not to be read by Foundation: of one that is longer than a page it gives the first page only, and with each empty
/// one it loses memory.
public enum KernelFile {
    /// The whole of it; empty when it cannot be read.
    public static func read(_ path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
        }
    }

    /// Of this process: one mount a line.
    public static func mounts() -> String { String(decoding: read("/proc/self/mounts"), as: UTF8.self) }
}
