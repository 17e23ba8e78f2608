import Foundation
import Processes
import TestSupport

/// Serves files over HTTPS on the loopback interface, with a certificate of its own CA.
struct TLSFileServer {
    let port: UInt16
    let scratch: Scratch
    private let program: BackgroundProgram

    /// PEM of the certificate, which is its own authority.
    var caFile: String { scratch.path + "/cert.pem" }

    /// `areAnswers`: what the files hold are whole answers, with their heads.
    static func start(files: [String: String] = [:], areAnswers: Bool = false) async throws -> TLSFileServer {
        let scratch = try Scratch()
        for (name, text) in files { try scratch.write(text, to: name) }
        _ = try await Command(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                "/CN=localhost", "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1,DNS:\(WebProxyFixture.hiddenName)",
                "-keyout", "key.pem", "-out", "cert.pem",
            ], workingDirectory: scratch.path
        ).run()
        let port = try LoopbackPort.free()
        let program = BackgroundProgram()
        let way = areAnswers ? "-HTTP" : "-WWW"
        let script = "cd \"$1\" && exec openssl s_server -quiet -accept 127.0.0.1:$2 -cert cert.pem -key key.pem \(way)"
        try await program.start(["/bin/sh", "-c", script, "sh", scratch.path, "\(port)"])
        try await LoopbackPort.wait(for: port)
        return TLSFileServer(port: port, scratch: scratch, program: program)
    }

    func stop() { program.stop() }
}
