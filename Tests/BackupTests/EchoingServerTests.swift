import Files
import Foundation
import HostSupport
import HostSystem
import Model
import TestSupport
import Testing

@testable import Backup

/// T9: a storage whose answers repeat what it was sent.
@Suite("A server that repeats the login it gets", .enabled(if: RcloneServer.isInstalled))
struct EchoingServerTests {
    /// Answers each request with 403 and its `Authorization`.
    private static let script = """
        import http.server, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                said = ("you sent " + self.headers.get("Authorization", "nothing")).encode()
                self.send_response(403)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)
            do_GET = do_PUT = do_PROPFIND = do_MKCOL = answer
            def log_message(self, *words): pass
        http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
        """

    @Test("its error shows neither the password nor the header, be it a secret or written in the clear")
    func echo() async throws {
        let host = try HostFixture()
        let port = try LoopbackPort.free()
        let server = try TestProgram("env", ["/usr/bin/python3", "-c", Self.script, "\(port)"]).start()
        defer { server.stop() }
        try await LoopbackPort.wait(for: port)
        let options = ["type": "webdav", "url": "http://127.0.0.1:\(port)", "vendor": "other", "user": "vsn1"]
        let password = "canary-hunter2"
        let login = Data("vsn1:\(password)".utf8).base64EncodedString()
        for (written, secrets) in [("${secret:nas}", Secrets(["nas": password])), (password, Secrets())] {
            let texts = options.merging(["pass": written]) { $1 }.mapValues { SecretText(source: $0) }
            let store = try await BackupStore(
                name: "nas", target: BackupTarget(store: .rclone(options: texts, path: "vsn1")), secrets: secrets,
                configuration: host.configuration)
            let error = await #expect(throws: HostError.self) { try await store.check() }
            let said = "\(error?.message ?? "") \(error?.hint ?? "")"
            #expect(said.contains("you sent Basic dnNuMT[secret "), "\(said)")
            #expect(!said.contains(login) && !said.contains(login.suffix(8)) && !said.contains("canary"), "\(said)")
        }
    }
}
