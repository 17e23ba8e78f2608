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
        let parts = meant(path)
        return (own + system).first { parts.starts(with: meant($0)) || meant($0).starts(with: parts) }
    }

    /// Without parts that are empty or stand for nothing.
    private static func meant(_ path: String) -> [String] { path.pathParts.filter { !$0.isEmpty && $0 != "." } }
}
