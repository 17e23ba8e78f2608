internal import Foundation
internal import Glibc
internal import Synchronization

/// aiosmtpd on a loopback port: with TLS from the start, STARTTLS or neither, a login, and a certificate authority of its
/// own. What it takes lies in its inbox; who is called `nobody`, `full` or `later` is refused (550), refused with the data
/// (552) or put off (451); `slow` is kept waiting until `release`.
public final class SMTPServer: Sendable {
    public enum Security: String, Sendable {
        case smtps, smtp
        case plain = "smtp+plain"
    }

    /// A message as it came in.
    public struct Message: Sendable, Decodable {
        public let from: String
        public let recipients: [String]
        public let isEncrypted: Bool
        /// The user name that logged in; `nil` without login.
        public let login: String?
        /// With CRLF, base64.
        let content: Data

        /// With CRLF.
        public var text: String { String(decoding: content, as: UTF8.self) }
    }

    public static let username = "vsn"
    /// Whether it can run; in continuous integration it has to.
    public static let isInstalled =
        ProcessInfo.processInfo.environment["CI"] == "true"
        || access("/usr/lib/python3/dist-packages/aiosmtpd", F_OK) == 0 && TestProgram.find("msmtp") != nil
            && TestProgram.find("openssl") != nil

    private let scratch: Scratch
    private let security: Security
    private let program: Mutex<TestDaemon?> = Mutex(nil)
    public let port: Int
    /// `smtps://localhost:PORT`, as a plan has it.
    public var url: String { "\(security.rawValue)://localhost:\(port)" }
    /// The certificate of the authority.
    public let authority: String

    /// Without a password it takes mail without login.
    public init(_ security: Security, password: String? = nil) async throws {
        scratch = try Scratch()
        self.security = security
        port = try GitServerTools.freePort()
        authority = try ServerCertificates(in: scratch).authority
        try scratch.write(password ?? "", to: "password")
        try scratch.write(Self.script, to: "server.py")
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/inbox", withIntermediateDirectories: true)
        try await start()
    }

    deinit { stop() }

    public func start() async throws {
        let words = ["\(scratch.path)/server.py", scratch.path, security.rawValue, String(port), Self.username]
        // Debian's own Python, which Debian's packages are for.
        let daemon = try TestProgram("env", ["/usr/bin/python3"] + words).start()
        program.withLock { $0 = daemon }
        try await GitServerTools.waitForPort(port)
    }

    /// From now on connections are refused, until it is started again.
    public func stop() { program.withLock { $0.take()?.stop() } }

    /// Takes the mail for `slow` from now on.
    public func release() throws { try scratch.write("", to: "released") }

    /// What came in, in order.
    public func inbox() throws -> [Message] {
        try FileManager.default.contentsOfDirectory(atPath: "\(scratch.path)/inbox").filter { $0.hasSuffix(".json") }
            .sorted().map {
                try JSONDecoder().decode(
                    Message.self, from: Data(contentsOf: URL(filePath: "\(scratch.path)/inbox/\($0)")))
            }
    }

    private static let script = #"""
        import asyncio, base64, json, os, ssl, sys
        from aiosmtpd.smtp import SMTP, AuthResult

        root, security, port, username = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
        password = open(root + "/password", "rb").read()
        count = len(os.listdir(root + "/inbox"))

        class Handler:
            async def handle_RCPT(self, server, session, envelope, address, options):
                if address.startswith("nobody@"): return "550 5.1.1 <%s>: no such mailbox" % address
                if address.startswith("later@"): return "451 4.7.1 come again"
                envelope.rcpt_tos.append(address)
                return "250 OK"

            async def handle_DATA(self, server, session, envelope):
                global count
                if envelope.rcpt_tos[0].startswith("full@"): return "552 5.2.2 mailbox is full"
                while envelope.rcpt_tos[0].startswith("slow@") and not os.path.exists(root + "/released"):
                    await asyncio.sleep(0.05)
                count += 1
                message = {"from": envelope.mail_from, "recipients": envelope.rcpt_tos,
                           "isEncrypted": session.ssl is not None or security == "smtps",
                           "login": session.auth_data, "content": base64.b64encode(envelope.content).decode()}
                path = "%s/inbox/%06d" % (root, count)
                with open(path + ".new", "w") as file: json.dump(message, file)
                os.rename(path + ".new", path + ".json")
                return "250 2.0.0 taken as %d" % count

        def authenticate(server, session, envelope, mechanism, data):
            if data.login == username.encode() and data.password == password:
                return AuthResult(success=True, auth_data=username)
            # Some servers are as careless as this one.
            text = "535 5.7.8 wrong: %s" % data.password.decode(errors="replace")
            return AuthResult(success=False, handled=False, message=text)

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(root + "/server.crt", root + "/server.key")

        def connection():
            login = {"authenticator": authenticate, "auth_required": True} if password else {}
            if security == "smtp": login |= {"tls_context": context, "require_starttls": True}
            if security == "smtps": login |= {"auth_require_tls": False}
            return SMTP(Handler(), hostname="localhost", loop=asyncio.get_running_loop(), **login)

        async def serve():
            server = await asyncio.get_running_loop().create_server(
                connection, "127.0.0.1", port, ssl=context if security == "smtps" else None)
            await server.serve_forever()

        asyncio.run(serve())
        """#
}

/// A server that accepts connections and never says anything.
public final class SilentSMTPServer: Sendable {
    private let descriptor: Int32
    private let clients = Mutex<[Int32]>([])
    public let port: Int

    public init() throws {
        let listener = try LoopbackListener()
        (descriptor, port) = (listener.descriptor, listener.port)
    }

    deinit {
        clients.withLock { for client in $0 { close(client) } }
        close(descriptor)
    }

    private static func hasHungUp(_ client: Int32) -> Bool {
        var byte: UInt8 = 0
        return recv(client, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) == 0
    }

    /// Whether anybody who connected still waits for its first word.
    public var isWaitedFor: Bool {
        clients.withLock { clients in
            var next = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            while poll(&next, 1, 0) > 0 {
                let client = accept(descriptor, nil, nil)
                guard client >= 0 else { break }
                clients.append(client)
            }
            return clients.contains { !Self.hasHungUp($0) }
        }
    }
}
