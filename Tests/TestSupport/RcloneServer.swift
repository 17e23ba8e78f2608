internal import Foundation
internal import Glibc

/// rclone serving a directory on a loopback port, to one user with a password, for as long as the value lives.
public final class RcloneServer: Sendable {
    public enum Kind: String, Sendable {
        /// Tells no hashes.
        case webdav
        /// Tells hashes.
        case sftp
    }

    public static let isInstalled =
        ProcessInfo.processInfo.environment["CI"] == "true" || TestProgram.find("rclone") != nil
    public static let user = "vsn"
    /// With characters that want quoting.
    public static let password = #"canary "pass" wo\rd"#

    public let port: UInt16
    /// What it serves.
    public var directory: String { "\(scratch.path)/served" }

    private let scratch: Scratch
    private let daemon: TestDaemon

    /// `authorizedKey`: of `user`, beside the password; for sftp.
    public init(_ kind: Kind, authorizedKey: String? = nil) async throws {
        scratch = try Scratch()
        port = try LoopbackPort.free()
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/served", withIntermediateDirectories: true)
        var words = [
            "serve", kind.rawValue, "--addr", "127.0.0.1:\(port)", "--user", Self.user, "--pass", Self.password,
        ]
        if let authorizedKey {
            try Data("\(authorizedKey)\n".utf8).write(to: URL(filePath: "\(scratch.path)/authorized_keys"))
            words += ["--authorized-keys", "\(scratch.path)/authorized_keys"]
        }
        let environment = ["PATH": TestProgram.path, "HOME": scratch.path, "RCLONE_CONFIG": "/dev/null"]
        daemon = try TestProgram("rclone", words + ["\(scratch.path)/served"], environment: environment).start()
        try await LoopbackPort.wait(for: port)
    }

    deinit { daemon.stop() }

    /// From now on it takes connections and neither reads nor answers.
    public func suspend() { kill(-daemon.process, SIGSTOP) }

    public func resume() { kill(-daemon.process, SIGCONT) }
}
