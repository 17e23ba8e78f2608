internal import CLinux
internal import Glibc

/// What this process, and whatever it starts, may still do; everything else the kernel refuses from then on.
///
/// It may read the programs, libraries, names and certificates that every program reads, and reach servers over the network;
/// it reaches no service of this host over a socket of its file system, and sends signals to nobody outside
/// (the latter with Linux 6.12).
public struct Confined {
    /// Files and directories that it may read, and run; what is not there is left out.
    public var readable: [String] = []
    /// Files and directories that it may write, too.
    public var writable: [String] = []
    /// The same as open descriptors.
    public var writableDescriptors: [Int32] = []
    /// What it keeps of the capabilities that it has.
    public var capabilities: Capabilities = []

    public init() {}

    public struct Capabilities: OptionSet, Sendable {
        public let rawValue: UInt64

        public init(rawValue: UInt64) { self.rawValue = rawValue }

        /// CAP_DAC_READ_SEARCH: of whoever reads the files of others.
        public static let reading = Self(rawValue: 1 << 2)
        /// Of whoever works among files of others: CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH and CAP_FOWNER.
        public static let files = Self(rawValue: 0b1111)
        /// Of whoever makes files as they were: these, CAP_FSETID, CAP_MKNOD and CAP_SETFCAP.
        public static let unpacking = Self(rawValue: 0b1111 | 1 << 4 | 1 << 27 | 1 << 31)
    }

    public enum Outcome: Sendable, Hashable {
        case confined
        /// The kernel has no Landlock: files are not confined, all else is.
        case withoutLandlock
        /// `reason`: what the system says.
        case failed(reason: String)
    }

    /// Holds for the rest of the process.
    public func apply() -> Outcome {
        let readable = (Self.common + readable).compactMap(Self.opened)
        let writable = (Self.devices + writable).compactMap(Self.opened)
        defer { for descriptor in readable + writable { close(descriptor) } }
        let status = Self.confine(readable, writable + writableDescriptors, capabilities: capabilities.rawValue)
        switch status {
        case 0: return .confined
        case 1: return .withoutLandlock
        default: return .failed(reason: String(cString: strerror(errno)))
        }
    }

    private static func confine(_ readable: [Int32], _ writable: [Int32], capabilities: UInt64) -> Int32 {
        readable.withUnsafeBufferPointer { readable in
            writable.withUnsafeBufferPointer { writable in
                var confinement = linux_confinement(
                    readable: readable.baseAddress, readable_count: Int32(readable.count),
                    writable: writable.baseAddress, writable_count: Int32(writable.count), capabilities: capabilities)
                return linux_confine(&confinement)
            }
        }
    }

    private static func opened(_ path: String) -> Int32? {
        let descriptor = open(path, linux_o_path | O_CLOEXEC)
        return descriptor < 0 ? nil : descriptor
    }

    /// Nothing of it is secret.
    private static let common = [
        "/bin", "/etc/ca-certificates", "/etc/gai.conf", "/etc/group", "/etc/host.conf", "/etc/hosts",
        "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types", "/etc/nsswitch.conf", "/etc/passwd", "/etc/pki",
        "/etc/protocols", "/etc/resolv.conf", "/etc/services", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/lib",
        "/lib32", "/lib64", "/proc/cpuinfo", "/proc/filesystems", "/proc/meminfo", "/proc/self", "/proc/stat",
        "/proc/sys/kernel", "/proc/sys/net", "/run/systemd/resolve", "/sbin", "/sys/kernel/mm/transparent_hugepage",
        "/usr",
    ]
    private static let devices = ["/dev/null", "/dev/random", "/dev/urandom", "/dev/zero"]
}
