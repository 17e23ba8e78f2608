/// The names of capabilities(7), without `CAP_`.
package enum LinuxCapability {
    /// What Podman and Docker both give every container.
    package static let everyContainers: Set<String> = [
        "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP",
        "SETUID", "SYS_CHROOT",
    ]

    /// What engines give every container by themselves and hardly any service needs.
    static let dispensable: Set<String> = ["AUDIT_WRITE", "MKNOD", "NET_RAW", "SETFCAP", "SETPCAP", "SYS_CHROOT"]

    static let names: Set<String> = everyContainers.union([
        "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE", "DAC_READ_SEARCH",
        "IPC_LOCK", "IPC_OWNER", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN",
        "NET_BROADCAST", "NET_RAW", "PERFMON", "SYSLOG", "SYS_ADMIN", "SYS_BOOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT",
        "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "WAKE_ALARM",
    ])

    /// `nil` when `name` is a capability, or `ALL`.
    package static func problem(with name: String) -> (message: String, hint: String)? {
        guard name != "ALL", !names.contains(name) else { return nil }
        let upper = name.uppercased()
        let bare = upper.hasPrefix("CAP_") ? String(upper.dropFirst(4)) : upper
        let meant = bare == "ALL" || names.contains(bare) ? bare : Suggestion.closest(to: bare, among: names.sorted())
        return (
            "'\(name)' is not a Linux capability",
            meant.map { "write '\($0)'" } ?? "write a name of capabilities(7) without 'CAP_', such as 'NET_ADMIN'"
        )
    }
}
