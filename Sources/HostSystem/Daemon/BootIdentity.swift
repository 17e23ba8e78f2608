internal import Glibc

/// Which boot of the host this is.
public struct BootIdentity {
    /// The kernel's random id of this boot.
    public static func current() throws(HostError) -> String {
        let bytes = try Descriptor("/proc/sys/kernel/random/boot_id", O_RDONLY).read(limit: 4096)
        return String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
    }
}
