internal import GitSource
internal import Model

/// Whether a git server shows host keys that are not pinned here: when it begins to use one of them, nothing is fetched.
struct HostKeyChecks {
    let look: HostKeyLook

    /// A server that cannot be asked is told by the check of the repository, where that matters.
    func checks() async -> [HostCheck] {
        await look.findings().map { finding in
            switch finding {
            case .unknown(let host, let reason):
                return .skipped("git host key", because: "'\(host)': \(reason)")
            case .offered(let host, let pinned, let unpinned) where unpinned.isEmpty:
                return .ok("git host key", "\(pinned.counted("key")) of '\(host)', all of them pinned")
            case .offered(let host, let pinned, let unpinned):
                let found =
                    "'\(host)' shows \(unpinned.count.counted("key")) that nobody pinned, beside \(pinned) pinned: "
                    + "once it uses only the former, nothing is fetched"
                let advice =
                    "compare with what the server's operator publishes ('ssh-keygen -lf -' prints the fingerprint of a "
                    + "line), then add to '\(look.file)':"
                return HostCheck(name: "git host key", status: .warn, found: found, advice: [advice] + unpinned)
            }
        }
    }
}
