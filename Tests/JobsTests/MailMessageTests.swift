import Foundation
import HostSupport
import Processes
import TestSupport
import Testing

@testable import Jobs

@Suite(
    "Any subject and any body make one mail (S11)",
    .enabled(if: SMTPServer.isInstalled, "needs msmtp and python3-aiosmtpd"))
struct MailMessageTests {
    /// What is asked for, and what a mail program shows.
    static let subjects: [(String, String)] = [
        ("acme on vsn1: web is down", "acme on vsn1: web is down"),
        ("", ""),
        ("  spaces  ", "spaces"),
        ("a\r\nBcc: thief@evil.example", "a  Bcc: thief@evil.example"),
        ("a\n\nbody", "a  body"),
        ("\u{85}\u{2028}next", "next"),
        ("escape \u{1B}[31m and \u{7F}", "escape  [31m and"),
        ("=?UTF-8?B?QmNj?=", "=?UTF-8?B?QmNj?="),
        ("Größe, 日本語, 🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢", "Größe, 日本語, 🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢"),
        (String(repeating: "long ", count: 30), String(String(repeating: "long ", count: 30).dropLast())),
        (String(repeating: "x", count: 400), String(repeating: "x", count: 250)),
        ("$(id) `id` \\n %s \"quotes\" 'quotes' * ; &", "$(id) `id` \\n %s \"quotes\" 'quotes' * ; &"),
        ("-n --help", "-n --help"),
    ]

    @Test("no subject adds a header; it is shown as it arrives, whoever queued it")
    func subject() async throws {
        let server = try await SMTPServer(.plain)
        let bench = try MailBench()
        try bench.install(through: server.url, password: nil)
        for (text, _) in Self.subjects {
            try await bench.queue.enqueue(subject: text, body: "body")
            #expect(try await bench.queueFromBash(text, "body").status == 0)
        }
        let shown = Self.subjects.flatMap { [$0.1, $0.1] }
        #expect(try bench.queue.content().waiting.map(\.subject) == shown)
        #expect(try await bench.send().status == 0)
        let messages = try server.inbox().map(\.text)
        try #require(messages.count == shown.count)
        for (message, shown) in zip(messages, shown) {
            let mail = try await ReadMail(message)
            #expect(mail.subject == shown)
            #expect(
                mail.counts.keys.sorted() == [
                    "Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "MIME-Version",
                    "Message-ID", "Subject", "To",
                ])
            #expect(mail.body == "body\n")
            #expect(message.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 76 })
        }
        for first in stride(from: 0, to: messages.count, by: 2) {
            #expect(Self.withoutIdentity(messages[first]) == Self.withoutIdentity(messages[first + 1]))
        }
    }

    @Test("every byte of a body arrives, whoever queued it, and up to a mebibyte of it")
    func body() async throws {
        let texts = [
            "", "x", "x\n", "\n\n", ".\n..\nFrom x\n", String(repeating: "0123456789", count: 1000),
            "ü\r\nb\0c\u{FEFF}", String(repeating: "0123456789", count: 200_000),
        ]
        let server = try await SMTPServer(.plain)
        let bench = try MailBench()
        try bench.install(through: server.url, password: nil)
        for text in texts {
            try await bench.queue.enqueue(subject: "s", body: text)
            #expect(try await bench.queueFromBash("s", text).status == 0)
        }
        #expect(try await bench.send().status == 0)
        let messages = try server.inbox().map(\.text)
        try #require(messages.count == 2 * texts.count)
        for (index, text) in texts.enumerated() {
            let cut = Array(text.utf8.prefix(1 << 20))
            let ended = cut.isEmpty || cut.last == 10 ? cut : cut + [10]
            for message in messages[(2 * index)...(2 * index + 1)] {
                #expect(try Self.decodedBody(of: message) == Data(ended.flatMap { $0 == 10 ? [13, 10] : [$0] }))
            }
            #expect(Self.withoutIdentity(messages[2 * index]) == Self.withoutIdentity(messages[2 * index + 1]))
        }
    }

    @Test("a zero byte in a subject becomes a space, as what ends a line does")
    func zeroByte() async throws {
        let server = try await SMTPServer(.plain)
        let bench = try MailBench()
        try bench.install(through: server.url, password: nil)
        try await bench.queue.enqueue(subject: "a\0b\nc", body: "body")
        #expect(try bench.queue.content().waiting.map(\.subject) == ["a b c"])
        #expect(try await bench.send().status == 0)
        #expect(try await ReadMail(try #require(server.inbox().first).text).subject == "a b c")
    }

    @Test("bytes that are no UTF-8 in a log do not keep a job from mailing")
    func brokenUTF8() async throws {
        let server = try await SMTPServer(.plain)
        let bench = try MailBench()
        try bench.install(through: server.url, password: nil)
        let text =
            String(decoding: PackageResources.mail_bash, as: UTF8.self) + """

                job_begin probe 60
                queue_mail $'a\\xff\\xc3b' <<<$'log \\xff\\xfe line' || finish 1 failed
                head -c 5000000 /dev/urandom | queue_mail long || finish 1 failed
                finish 0 queued
                """
        #expect(try await bench.jobs.run(bench.jobs.job("probe", text)).status == 0)
        #expect(try bench.queue.content().waiting.map(\.subject) == ["ab", "long"])
        #expect(try await bench.send().status == 0)
        let messages = try server.inbox().map(\.text)
        try #require(messages.count == 2)
        #expect(try await ReadMail(messages[0]).subject == "ab")
        let body = try Self.decodedBody(of: messages[0])
        #expect(body == Data(Array("log ".utf8) + [0xff, 0xfe] + Array(" line\r\n".utf8)))
    }

    @Test("what waits is one file of root's alone that says what is mailed, and neither to whom nor by which server")
    func message() async throws {
        let bench = try MailBench()
        try bench.install(through: "smtps://mail.example.com")
        try await bench.queue.enqueue(subject: "web is down", body: "first\nGrüße\n")
        #expect(try await bench.queueFromBash("web is down", "first\nGrüße\n").status == 0)
        let names = MailDirectory.messages(in: "\(bench.state)/mail/queue")
        #expect(names.count == 2)
        for name in names {
            let path = "\(bench.state)/mail/queue/\(name)"
            #expect(mode(path) == 0o600)
            let (identifier, time) = (name.prefix(25), name.prefix(10))
            #expect(
                try content(path) == """
                    Id: \(identifier)@acme.example
                    Time: \(time)
                    Subject: web is down

                    first
                    Grüße

                    """)
            #expect(name == "\(identifier).message", "a sender of an older version takes '.eml'")
        }
    }

    @Test("what sends mail is clean in the eyes of shellcheck")
    func shellcheck() async throws {
        let bench = try MailBench()
        try bench.install(through: "smtps://mail.example.com")
        let words = try await tool("shellcheck", "\(bench.state)/mail/send-mail", orStatus: 1)
        #expect(words.isEmpty, "\(words)")
    }

    private static func decodedBody(of message: String) throws -> Data {
        let parts = message.components(separatedBy: "\r\n\r\n")
        return try #require(Data(base64Encoded: parts.dropFirst().joined().replacing("\r\n", with: "")))
    }

    private static func withoutIdentity(_ message: String) -> String {
        message.split(separator: "\r\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("Date: ") && !$0.hasPrefix("Message-ID: ") }.joined(separator: "\n")
    }
}
