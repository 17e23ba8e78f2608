internal import Glibc
internal import Model

/// The file with the host's policy: who can write it is root, and who can read it knows the passwords in it.
struct ConfigurationFile {
    let path: String
    let holdsPasswords: Bool

    /// `nil` where there is nothing to mend.
    var problem: HostCheck? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let mode = FileMode(bits: UInt32(status.st_mode) & 0o7777)
        if mode.bits & 0o022 != 0 {
            return .fail(
                "configuration", "'\(path)' has mode \(mode): others can write this host's policy", "chmod 0600 \(path)"
            )
        }
        if holdsPasswords, mode.bits & 0o077 != 0 {
            return .fail(
                "configuration", "'\(path)' has mode \(mode): others can read the passwords in 'remotes'",
                "chmod 0600 \(path)")
        }
        return nil
    }
}
