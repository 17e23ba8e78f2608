/// How the system's ssh is called: nothing asked, nothing forwarded, no configuration, host keys always checked.
enum SSHArguments {
    static let program = "/usr/bin/ssh"

    static func list(for address: SSHAddress, key: String?, knownHosts: String?) -> [String] {
        var list = ["-F", "/dev/null", "-T"]
        list += options.flatMap { ["-o", $0] }
        // A file that was named is the only one to be trusted.
        if let knownHosts {
            list += ["-o", "UserKnownHostsFile=\(quoted(knownHosts))", "-o", "GlobalKnownHostsFile=/dev/null"]
        }
        if let key { list += ["-o", "IdentityAgent=none", "-i", key.replacing("%", with: "%%")] }
        if let port = address.port { list += ["-p", "\(port)"] }
        return list + ["--", address.destination, "git-upload-pack \(shellQuoted(address.path))"]
    }

    private static let options = [
        "BatchMode=yes", "StrictHostKeyChecking=yes", "IdentitiesOnly=yes", "PreferredAuthentications=publickey",
        "UpdateHostKeys=no", "ControlPath=none", "ClearAllForwardings=yes", "ForwardAgent=no", "PermitLocalCommand=no",
        "ConnectTimeout=30", "ServerAliveInterval=15", "ServerAliveCountMax=2", "LogLevel=ERROR",
    ]

    /// For ssh's own parser: the file name may hold spaces, and `%` begins a token.
    private static func quoted(_ path: String) -> String { "\"\(path.replacing("%", with: "%%"))\"" }

    /// For the login shell of the server.
    private static func shellQuoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }
}
