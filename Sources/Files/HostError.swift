internal import Glibc
public import Model

/// Something on the host failed. Never holds the value of a secret.
public struct HostError: Actionable, Sendable, Hashable {
    public let message: String
    public let hint: String
    public let disposition: Disposition

    public init(_ message: String, hint: String = "", disposition: Disposition = .permanent) {
        self.message = message
        self.hint = hint
        self.disposition = disposition
    }

    /// A system call failed; `action` completes "cannot …".
    package static func failed(_ action: String, hint: String = "", code: Int32 = errno) -> Self {
        let passing = [ENOSPC, EDQUOT, EIO, EAGAIN, EMFILE, ENFILE, ENOMEM, ESTALE, ETIMEDOUT]
        return Self(
            "cannot \(action): \(String(cString: strerror(code)))", hint: hint.isEmpty ? advice(for: code) : hint,
            disposition: passing.contains(code) ? .transient : .permanent)
    }

    /// A program is missing; says how to get it.
    public static func notInstalled(_ command: String) -> Self {
        Self("'\(command)' is not installed", hint: "install it: \(DebianPackage.installCommand(for: command))")
    }

    private static func advice(for code: Int32) -> String {
        switch code {
        case EACCES, EPERM: "run it as root"
        case ENOSPC, EDQUOT: "free some space on that file system"
        case EROFS: "the file system is mounted read-only; see 'journalctl -k' for disk errors"
        default: ""
        }
    }
}

/// Which package of Debian has a program, where their names differ.
package enum DebianPackage {
    private static let names = [
        "ssh": "openssh-client", "ssh-keygen": "openssh-client", "crontab": "cron", "flock": "util-linux",
        "timeout": "coreutils",
        "sync": "coreutils", "split": "coreutils", "sha256sum": "coreutils", "find": "findutils", "xargs": "findutils",
        "gpg": "gnupg", "age-keygen": "age", "mount.nfs": "nfs-common", "mount.cifs": "cifs-utils",
        "systemctl": "systemd", "ip": "iproute2",
    ]

    package static func installCommand(for command: String) -> String { "apt-get install \(names[command] ?? command)" }
}

extension HostProblem {
    package init(_ error: HostError) { self.init(message: error.message, hint: error.hint) }
}
