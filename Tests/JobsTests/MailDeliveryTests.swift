import Foundation
import Glibc
import Processes
import TestSupport
import Testing

@testable import Jobs

/// Real msmtp and a real SMTP server.
@Suite("Incidents are mailed (S11)", .enabled(if: SMTPServer.isInstalled, "needs msmtp and python3-aiosmtpd"))
struct MailDeliveryTests {
    private static let body = """
        Größe: 4 GiB, naïve façade, 日本語, 🚢
        .
        ..two dots
        From here on
        \(String(repeating: "a long line; ", count: 800))
        trailing space \n\ttab

        the end
        """

    @Test(
        "what was composed arrives, whatever is in it: with TLS, with STARTTLS, and without either",
        arguments: [SMTPServer.Security.smtps, .smtp, .plain])
    func arrives(security: SMTPServer.Security) async throws {
        let password = security == .plain ? nil : MailBench.password
        let server = try await SMTPServer(security, password: password)
        let bench = try MailBench(trusting: server)
        try bench.install(to: ["ops@acme.example", "boss@acme.example"], through: server.url, password: password)
        #expect(try await bench.queue.enqueue(subject: "acme on vsn1: Grüße", body: Self.body))
        #expect(try await bench.send().status == 0)
        let inbox = try server.inbox()
        #expect(inbox.map(\.recipients) == [["ops@acme.example"], ["boss@acme.example"]])
        for message in inbox {
            #expect(message.from == "vsn@acme.example")
            #expect(message.isEncrypted == (security != .plain) && message.login == password.map { _ in "vsn" })
            let mail = try await ReadMail(message.text)
            #expect(mail.subject == "acme on vsn1: Grüße")
            #expect(mail.body == Self.body + "\n")
            #expect(mail.headers["From"] == "vsn@acme.example")
            #expect(mail.headers["To"] == "ops@acme.example, boss@acme.example")
            #expect(mail.headers["Auto-Submitted"] == "auto-generated" && mail.headers["MIME-Version"] == "1.0")
            #expect(mail.headers["Message-ID"]?.wholeMatch(of: /<\d{16}-[0-9a-f]{8}@acme\.example>/) != nil)
            let date = try #require(mail.headers["Date"])
            #expect(date.wholeMatch(of: /[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} 20\d\d \d\d:\d\d:\d\d \+0000/) != nil)
            #expect(mail.counts.values.allSatisfy { $0 == 1 })
            #expect(message.text.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 78 })
        }
        let content = try bench.queue.content()
        #expect(content.waiting.isEmpty && content.refused.isEmpty && content.lastAttempt?.outcome == .sent)
        #expect(try bench.summary == "2 sent, 0 refused, 0 waiting")
    }

    @Test(
        "a password with quotes, spaces, '#', or anything else on one line logs in",
        arguments: [
            "plain", "\"", "\"quoted\"", " spaces around ", "# hash", "a#b \"c\" d\\", "\\\"", "$HOME `id` $(id) %U",
            "Gürtel",
            String(repeating: "x", count: 255),
        ])
    func passwords(password: String) async throws {
        let server = try await SMTPServer(.smtps, password: password)
        let bench = try MailBench(trusting: server)
        try bench.install(through: server.url, password: password)
        try await bench.queue.enqueue(subject: "test", body: "test")
        #expect(try await bench.send().status == 0)
        #expect(try server.inbox().map(\.login) == ["vsn"])
    }

    @Test("a wrong password sends nothing and keeps everything; log, status and result say why, without the password")
    func wrongPassword() async throws {
        let server = try await SMTPServer(.smtps, password: "right")
        let bench = try MailBench(trusting: server)
        try bench.install(through: server.url)
        for number in 1...2 { try await bench.queue.enqueue(subject: "mail \(number)", body: "x") }
        #expect(try await bench.send().status == 1)
        #expect(try server.inbox().isEmpty)
        let content = try bench.queue.content()
        #expect(content.waiting.map(\.subject) == ["mail 1", "mail 2"] && content.refused.isEmpty)
        #expect(content.lastAttempt?.outcome == .configuration)
        let reason = "authentication failed (method PLAIN); server message: 535 5.7.8 wrong: [secret]"
        #expect(content.lastAttempt?.error == reason)
        #expect(try bench.summary == "0 sent, 0 refused, 2 waiting: \(reason)")
        #expect(try bench.jobs.log("mail").contains(reason))
        #expect(try !bench.everythingWritten().contains("canary"), "the server repeated it")
        try bench.install(through: server.url, password: "right")
        #expect(try await bench.send().status == 0)
        #expect(try server.inbox().count == 2)
    }

    @Test("a server whose certificate is not trusted, or for another name, gets nothing, not even the password")
    func wrongCertificate() async throws {
        let (server, other) = (try await SMTPServer(.smtps, password: MailBench.password), try await SMTPServer(.plain))
        for (authority, host) in [(other.authority, "localhost"), (nil, "localhost"), (server.authority, "127.0.0.1")] {
            var bench = try MailBench()
            bench.configuration.mailCaFile = authority
            try bench.install(through: "smtps://\(host):\(server.port)")
            try await bench.queue.enqueue(subject: "test", body: "x")
            #expect(try await bench.send().status == 1)
            let content = try bench.queue.content()
            #expect(content.waiting.count == 1 && content.lastAttempt?.outcome == .configuration)
            #expect(content.lastAttempt?.error.contains("certificate") == true, "\(content)")
        }
        #expect(try server.inbox().isEmpty)
    }

    @Test("STARTTLS is required: a server that does not offer it gets nothing")
    func noStartTLS() async throws {
        let server = try await SMTPServer(.plain)
        let bench = try MailBench(trusting: server)
        try bench.install(through: "smtp://localhost:\(server.port)")
        try await bench.queue.enqueue(subject: "test", body: "x")
        #expect(try await bench.send().status == 1)
        #expect(try server.inbox().isEmpty)
        let attempt = try bench.queue.content().lastAttempt
        #expect(attempt?.outcome == .configuration)
        #expect(attempt?.error == "the server does not support TLS via the STARTTLS command")
    }

    @Test("a dead server delays nothing and loses nothing: once it is back all arrives, in order, each mail once")
    func deadServer() async throws {
        let server = try await SMTPServer(.smtps, password: MailBench.password)
        let bench = try MailBench(trusting: server)
        try bench.install(through: server.url)
        server.stop()
        for number in 1...5 { try await bench.queue.enqueue(subject: "mail \(number)", body: "x") }
        _ = try await bench.queueFromBash("mail 6", "x")
        for _ in 1...2 { #expect(try await bench.send().status == 1) }
        let content = try bench.queue.content()
        #expect(content.waiting.map(\.subject) == (1...6).map { "mail \($0)" })
        #expect(content.lastAttempt?.outcome == .unreachable)
        #expect(content.lastAttempt?.error.hasSuffix("Connection refused") == true)
        try await server.start()
        for _ in 1...2 { #expect(try await bench.send().status == 0) }
        var subjects: [String] = []
        for message in try server.inbox() { subjects.append(try await ReadMail(message.text).subject) }
        #expect(subjects == (1...6).map { "mail \($0)" })
        #expect(try bench.summary == "nothing to send")
    }

    @Test("a server that accepts and is silent is given up in time, and queueing and starting to send wait for nothing")
    func silentServer() async throws {
        let server = try SilentSMTPServer()
        for (url, deadlines) in [
            // msmtp's own time-out does not end a TLS handshake.
            ("smtps", MailDeadlines(network: 1, message: 2)), ("smtp", MailDeadlines(network: 1, message: 60)),
        ] {
            var bench = try MailBench()
            bench.deadlines = deadlines
            try bench.install(through: "\(url)://localhost:\(server.port)")
            try await bench.queue.enqueue(subject: "test", body: "x")
            let started = ContinuousClock.now
            #expect(try await bench.send().status == 1)
            #expect(ContinuousClock.now - started < .seconds(30))
            let content = try bench.queue.content()
            #expect(content.waiting.count == 1 && content.lastAttempt?.outcome == .unreachable, "\(content)")
        }
    }
}
