import Foundation
import Processes
import TestSupport

/// A real sshd on the loopback interface, and the directory of a client that it lets in with an RSA key.
struct SSHServer {
    let port: UInt16
    let scratch: Scratch
    private let program: BackgroundProgram

    var clientDirectory: String { scratch.path + "/client" }

    static func start() async throws -> SSHServer {
        let scratch = try Scratch()
        let port = try LoopbackPort.free()
        try FileManager.default.createDirectory(atPath: scratch.path + "/client", withIntermediateDirectories: true)
        for (type, file) in [("ed25519", "host"), ("rsa", "client/id_rsa")] {
            _ = try await Command(
                "/usr/bin/ssh-keygen", ["-q", "-t", type, "-N", "", "-f", "\(scratch.path)/\(file)"]
            ).run()
        }
        let host = try String(contentsOfFile: scratch.path + "/host.pub", encoding: .utf8)
        try scratch.write("[127.0.0.1]:\(port) \(host)", to: "client/known_hosts")
        try scratch.write(
            """
            Port \(port)
            ListenAddress 127.0.0.1
            HostKey \(scratch.path)/host
            AuthorizedKeysFile \(scratch.path)/client/id_rsa.pub
            PermitRootLogin yes
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            StrictModes no
            UsePAM no
            SetEnv SHLVL=2
            PidFile none

            """, to: "sshd_config")
        try FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
        let program = BackgroundProgram()
        try await program.start(["/usr/sbin/sshd", "-D", "-f", scratch.path + "/sshd_config"])
        try await LoopbackPort.wait(for: port)
        return SSHServer(port: port, scratch: scratch, program: program)
    }

    func stop() { program.stop() }
}
