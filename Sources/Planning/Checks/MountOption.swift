internal import Model

/// Options of a mount that a plan may give: those that make it work with a server, and none that gives rights on the host.
enum MountOption {
    /// Without a value, or with one after '='.
    private static let names: [MountPlan.Kind: Set<String>] = [
        .nfs: [
            "vers", "nfsvers", "minorversion", "proto", "port", "mountport", "mountproto", "sec", "soft", "hard",
            "timeo", "retrans", "retry", "rsize", "wsize", "nconnect", "lock", "nolock", "noresvport", "noatime",
        ],
        .smb: [
            "vers", "sec", "seal", "port", "iocharset", "rsize", "wsize", "echo_interval", "serverino", "noserverino",
            "nobrl", "cache", "actimeo", "mfsymlinks", "noatime", "hard", "soft",
        ],
    ]

    /// `nil` when a mount of `kind` can have it.
    static func problem(with option: String, of kind: MountPlan.Kind) -> (message: String, hint: String)? {
        let known = names[kind] ?? []
        let name = String(option.prefix { $0 != "=" })
        guard known.contains(name) else {
            return (
                "'\(option)' is not an option that a plan may give a mount of type '\(kind.rawValue)'",
                Suggestion.closest(to: name, among: known).map { "did you mean '\($0)'?" }
                    ?? "these are: \(known.sorted().joined(separator: ", "))"
            )
        }
        guard option.wholeMatch(of: /[a-z_]+(=[A-Za-z0-9._:\/-]+)?/) != nil else {
            return ("'\(option)' is not one option", "write NAME or NAME=VALUE, each option as an element of its own")
        }
        return nil
    }
}
