import Foundation
import HostSupport
import Processes
import TestSupport
import Testing

@testable import Jobs

@Suite("Any subject and any body make one mail (S11)", .enabled(if: SMTPServer.isInstalled, "needs msmtp"))
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

    @Test("no subject adds a header, and scripts and Fairlead compose the same", arguments: subjects)
    func subject(text: String, shown: String) async throws {
        let bench = try MailBench()
        try bench.install(through: "smtp+plain://localhost:1", password: nil)
        try await bench.queue.enqueue(subject: text, body: "body")
        #expect(try await bench.queueFromBash(text, "body").status == 0)
        let messages = try MailDirectory.messages(in: "\(bench.state)/mail/queue").map {
            try content("\(bench.state)/mail/queue/\($0)")
        }
        #expect(messages.count == 2)
        for message in messages {
            let mail = try await ReadMail(message)
            #expect(mail.subject == shown)
            #expect(
                mail.counts.keys.sorted() == [
                    "Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "MIME-Version",
                    "Message-ID", "Subject", "To",
                ])
            #expect(mail.body == "body\n")
            #expect(message.split(separator: "\n").allSatisfy { $0.utf8.count <= 76 })
        }
        #expect(try bench.queue.content().waiting.map(\.subject) == [shown, shown])
        #expect(Set(messages.map(Self.withoutIdentity)).count == 1)
    }

    @Test(
        "scripts and Fairlead encode the same body, and every byte of it arrives",
        arguments: [
            "", "x", "x\n", "\n\n", ".\n..\nFrom x\n", String(repeating: "0123456789", count: 1000),
            "ü\r\nb\0c\u{FEFF}",
        ])
    func body(text: String) async throws {
        let bench = try MailBench()
        try bench.install(to: ["a@b.example", "c@d.example"], through: "smtp+plain://localhost:1", password: nil)
        try await bench.queue.enqueue(subject: "s", body: text)
        #expect(try await bench.queueFromBash("s", text).status == 0)
        let messages = try MailDirectory.messages(in: "\(bench.state)/mail/queue").map {
            try content("\(bench.state)/mail/queue/\($0)")
        }
        #expect(Set(messages.map(Self.withoutIdentity)).count == 1)
        let decoded = try Self.decodedBody(of: #require(messages.first))
        let ended = text.isEmpty || text.hasSuffix("\n") ? text : text + "\n"
        #expect(decoded == Data(ended.utf8.flatMap { $0 == 10 ? [13, 10] : [$0] }))
    }

    @Test("bytes that are no UTF-8 in a log do not keep a job from mailing")
    func brokenUTF8() async throws {
        let bench = try MailBench()
        try bench.install(through: "smtp+plain://localhost:1", password: nil)
        let text =
            String(decoding: PackageResources.mail_bash, as: UTF8.self) + """

                job_begin probe 60
                queue_mail $'a\\xff\\xc3b' <<<$'log \\xff\\xfe line' || finish 1 failed
                head -c 5000000 /dev/urandom | queue_mail long || finish 1 failed
                finish 0 queued
                """
        #expect(try await bench.jobs.run(bench.jobs.job("probe", text)).status == 0)
        #expect(try bench.queue.content().waiting.map(\.subject) == ["ab", "long"])
        let first = try #require(MailDirectory.messages(in: "\(bench.state)/mail/queue").first)
        let body = try Self.decodedBody(of: content("\(bench.state)/mail/queue/\(first)"))
        #expect(body == Data(Array("log ".utf8) + [0xff, 0xfe] + Array(" line\r\n".utf8)))
    }

    private static func decodedBody(of message: String) throws -> Data {
        let parts = message.components(separatedBy: "\n\n")
        return try #require(Data(base64Encoded: parts[1].replacing("\n", with: "")))
    }

    private static func withoutIdentity(_ message: String) -> String {
        message.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("Date: ") && !$0.hasPrefix("Message-ID: ") }.joined(separator: "\n")
    }
}
