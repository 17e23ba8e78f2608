/// Directories that are the host's own business, whatever its policy allows.
public enum HostDirectory {
    /// Programs, settings, keys and the kernel's interfaces: who writes there is root.
    private static let system = [
        "/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/root", "/run", "/sbin",
        "/sys", "/usr", "/var/spool/cron",
    ]

    /// The directory of the host, or of Fairlead's `own`, in which `path` lies, or that lies in `path`; `nil` for none.
    ///
    /// `path` is absolute, without `.` and `..`; symbolic links are not looked at.
    public static func protected(by path: String, own: [String]) -> String? {
        let plain = normal(path)
        return (own.map(normal) + system).first { contains($0, plain) || contains(plain, $0) }
    }

    private static func contains(_ directory: String, _ path: String) -> Bool {
        directory == "/" || path == directory || path.hasPrefix(directory + "/")
    }

    /// Without empty parts and those that stand for nothing.
    private static func normal(_ path: String) -> String {
        "/" + path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }
}
