internal import Foundation
internal import Glibc
internal import Processes

/// Samba on a loopback port with one share, `backup`, for one user. It listens for as long as the value lives.
public final class SMBServer: Sendable {
    /// Why it cannot run here.
    public static let unavailable = TestProgram.missingForRoot("smbd", "smbpasswd", "rclone")

    public static let share = "backup"
    /// A user that each Debian has.
    public static let user = "backup"
    public let password = "canary-smb-\(UInt32.random(in: 0 ... .max))"
    public let port: UInt16
    /// What the share holds, on this host.
    public var directory: String { "\(scratch.path)/share" }

    private let scratch: Scratch
    private let daemon: TestDaemon

    public init(readOnly: Bool = false) async throws {
        scratch = try Scratch()
        port = try LoopbackPort.free()
        for name in ["share", "private", "state", "log"] {
            try FileManager.default.createDirectory(
                atPath: "\(scratch.path)/\(name)", withIntermediateDirectories: true)
        }
        try TestProgram("chown", [Self.user, "\(scratch.path)/share"]).run()
        // Others may pass, but not look: smbd serves as the user.
        try TestProgram("chmod", ["711", scratch.path]).run()
        let configuration = try scratch.write(
            Self.configuration(port, scratch.path, readOnly: readOnly), to: "smb.conf")
        let words = ["-c", configuration, "-s", "-a", Self.user]
        try TestProgram("smbpasswd", words, input: "\(password)\n\(password)\n").run()
        daemon = try TestProgram("smbd", ["--foreground", "--no-process-group", "-s", configuration]).start()
        try await LoopbackPort.wait(for: port)
    }

    deinit { daemon.stop() }

    /// For rclone's remote `store:`, with the share's name after the colon.
    ///
    /// Not for the root of the share: the rclone of Debian leaves a directory with a strange name there.
    public func rcloneEnvironment() async throws -> [String: String] {
        let obscured = try await Command("/usr/bin/rclone", ["obscure", "-"], input: Array(password.utf8)).run().text
        return [
            "RCLONE_CONFIG": "", "RCLONE_CONFIG_STORE_TYPE": "smb", "RCLONE_CONFIG_STORE_HOST": "127.0.0.1",
            "RCLONE_CONFIG_STORE_PORT": String(port), "RCLONE_CONFIG_STORE_USER": Self.user,
            "RCLONE_CONFIG_STORE_PASS": obscured.trimmingCharacters(in: .whitespacesAndNewlines),
        ]
    }

    private static func configuration(_ port: UInt16, _ path: String, readOnly: Bool) -> String {
        """
        [global]
        server role = standalone server
        smb ports = \(port)
        interfaces = 127.0.0.1
        bind interfaces only = yes
        disable netbios = yes
        server min protocol = SMB2
        passdb backend = tdbsam
        private dir = \(path)/private
        lock directory = \(path)/state
        state directory = \(path)/state
        cache directory = \(path)/state
        pid directory = \(path)/state
        ncalrpc dir = \(path)/state/ncalrpc
        log file = \(path)/log/smbd
        load printers = no
        printcap name = /dev/null
        [\(share)]
        path = \(path)/share
        read only = \(readOnly ? "yes" : "no")
        valid users = \(user)

        """
    }
}
