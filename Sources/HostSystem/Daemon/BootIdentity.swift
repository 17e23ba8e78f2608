public import Files
internal import FoundationEssentials
internal import Glibc

/// Which boot of the host this is.
public struct BootIdentity {
    /// The kernel's random id of this boot, and Fairlead's own mark in memory: a container (LXC) that is booted again keeps the
    /// kernel, and with it the id. Without its mark the host counts as booted, which is looked after and harms nothing.
    ///
    /// - Parameter runtimeDirectory: on a memory file system; made where it is missing.
    public static func current(runtimeDirectory: String) throws(HostError) -> String {
        try "\(text("/proc/sys/kernel/random/boot_id"))/\(mark(in: runtimeDirectory))"
    }

    private static func mark(in directory: String) throws(HostError) -> String {
        let path = "\(directory)/boot"
        if try FileStatus.at(path).kind == .missing {
            try PathName.createDirectories(directory)
            // Where another process makes it at the same time, the mark is that one's.
            _ = try AtomicFile.create(Array(UUID().uuidString.utf8), at: path)
        }
        return try text(path)
    }

    private static func text(_ path: String) throws(HostError) -> String {
        let bytes = try Descriptor(path, O_RDONLY | O_NOFOLLOW).read(limit: 4096)
        return String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
    }
}
