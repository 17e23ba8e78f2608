internal import Foundation

/// A real sshd on a loopback port that lets the key of a client run git as the user of the tests.
public final class GitSSHServer: Sendable {
    private let scratch: Scratch
    private let daemon: TestDaemon
    public let port: Int
    /// The private key that is accepted.
    public let clientKey: String
    /// A file with the host key of the server, the first where it has several.
    public let knownHosts: String
    /// As known_hosts has them, in the order of their kinds.
    public let hostKeyLines: [String]

    /// - Parameters:
    ///   - keyType: `rsa`, `ecdsa` or `ed25519`.
    ///   - hostKeyTypes: Of the server's own keys, one each.
    public init(keyType: String = "ed25519", hostKeyTypes: [String] = ["ed25519"]) async throws {
        scratch = try Scratch()
        port = try GitServerTools.freePort()
        clientKey = try Self.makeKey("client", type: keyType, in: scratch)
        var hostKeys: [String] = []
        for (index, type) in hostKeyTypes.enumerated() {
            hostKeys.append(try Self.makeKey(index == 0 ? "host" : "host-\(index)", type: type, in: scratch))
        }
        let name = "[127.0.0.1]:\(port)"
        hostKeyLines = try hostKeys.map { key in
            "\(name) " + (try Self.publicHalf(of: key).split(separator: " ").prefix(2).joined(separator: " "))
        }
        knownHosts = try scratch.write((hostKeyLines.first ?? "") + "\n", to: "known_hosts")
        try scratch.write(Self.publicHalf(of: clientKey) + "\n", to: "authorized_keys")
        let configuration = try scratch.write(Self.configuration(port, scratch.path, hostKeys), to: "sshd_config")
        // sshd insists on it; packages make it only when the service starts.
        if getuid() == 0 {
            try FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
        }
        daemon = try TestProgram("sshd", ["-D", "-f", configuration, "-E", "\(scratch.path)/log"]).start()
        try await GitServerTools.waitForPort(port)
    }

    deinit { daemon.stop() }

    public func url(of path: String) -> String { "ssh://\(NSUserName())@127.0.0.1:\(port)\(path)" }

    /// A fresh key that the server does not know.
    public func strangersKey() throws -> String { try Self.makeKey("stranger", type: "ed25519", in: scratch) }

    /// As `ssh-keygen -l` prints it.
    public func hostFingerprint() throws -> String {
        let words = try TestProgram("ssh-keygen", ["-lf", "\(scratch.path)/host"]).run().split(separator: " ")
        return String(words[1])
    }

    private static func makeKey(_ name: String, type: String, in scratch: Scratch) throws -> String {
        let path = "\(scratch.path)/\(name)"
        try TestProgram("ssh-keygen", ["-q", "-t", type, "-N", "", "-f", path]).run()
        return path
    }

    private static func publicHalf(of key: String) throws -> String {
        try String(contentsOfFile: "\(key).pub", encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The depth of the shell keeps Bash from reading root's `.bashrc`, which may take a second, or wait for a lock of its own.
    private static func configuration(_ port: Int, _ directory: String, _ hostKeys: [String]) -> String {
        """
        ListenAddress 127.0.0.1
        Port \(port)
        \(hostKeys.map { "HostKey \"\($0)\"" }.joined(separator: "\n"))
        AuthorizedKeysFile "\(directory)/authorized_keys"
        StrictModes no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        UsePAM no
        SetEnv SHLVL=2
        PidFile "\(directory)/pid"
        """
    }
}
