import Commands
import Foundation
import TestSupport
import Testing

@Suite("fairlead mail", .enabled(if: SMTPServer.isInstalled, "needs msmtp and python3-aiosmtpd"))
struct MailCommandTests {
    private let host: CommandFixture

    init() throws { host = try CommandFixture() }

    private func commitMail(through server: String, to recipient: String = "ops@acme.example", login: Bool = true)
        throws
    {
        let credentials = login ? #", "username": "vsn", "password": "${secret:mail}""# : ""
        try host.commit(
            "1.0.0", "Mail",
            changes:
                #"{"mail": {"from": "vsn@acme.example", "to": ["\#(recipient)"], "smtp": "\#(server)"\#(credentials)}}"#
        )
        let path = try host.scratch.write(#"{"mail": "canary"}"#, to: "secrets.json")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    private func test(_ arguments: String..., trusting server: SMTPServer?) async -> CommandFixture.Result {
        let settings = ["--set", "secretsFile=\(host.scratch.path)/secrets.json"]
        return await host.run(
            ["mail", "test"] + arguments + settings + (server.map { ["--set", "mailCaFile=\($0.authority)"] } ?? []))
    }

    @Test("'mail test' sends through the plan's settings where none are installed, and says what the server answered")
    func planSettings() async throws {
        let server = try await SMTPServer(.smtps, password: "canary")
        try commitMail(through: server.url)
        let result = await test(trusting: server)
        #expect(result.status == .success, "\(result)")
        #expect(result.chatter.contains("no mail settings are installed: testing those of the plan"))
        #expect(
            result.output == """
                'acme on vsn1: test mail' from vsn@acme.example through '\(server.url)', with the plan's settings
                  ops@acme.example: taken: 250 2.0.0 taken as 1

                """)
        let other = await test("--to", "me@acme.example", "--output", "json", trusting: server)
        #expect(other.status == .success && other.json["settings"] as? String == "plan")
        #expect(try server.inbox().map(\.recipients) == [["ops@acme.example"], ["me@acme.example"]])
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: "\(host.scratch.path)/run").isEmpty, "nothing is left")
        #expect(!FileManager.default.fileExists(atPath: "\(host.scratch.path)/state/mail/msmtprc"))
    }

    @Test("'mail test' says what to do about a wrong password, an unknown authority, a refused address, a dead server")
    func failures() async throws {
        let (server, plain) = (try await SMTPServer(.smtps, password: "right"), try await SMTPServer(.plain))
        let cases: [(String, String, Bool, SMTPServer?, String)] = [
            (server.url, "ops@a.example", true, server, "535 5.7.8 wrong: [secret]\n    -> correct 'username'"),
            (server.url, "ops@a.example", true, plain, "issuer is unknown.\n    -> use the server name"),
            (plain.url, "nobody@a.example", false, nil, "no such mailbox\n    -> correct 'to'"),
            (
                "smtp+plain://localhost:1", "ops@a.example", false, nil,
                "Connection refused\n    -> check that the server runs"
            ),
            ("smtp+plain://nowhere.invalid", "ops@a.example", false, nil, "\n    -> correct the host in 'smtp'"),
        ]
        for (url, recipient, login, trusted, words) in cases {
            try commitMail(through: url, to: recipient, login: login)
            let result = await test(trusting: trusted)
            #expect(result.status == .failure)
            #expect(result.output.contains("  \(recipient): not taken: ") && result.output.contains(words), "\(result)")
            #expect(!"\(result)".contains("canary"))
        }
    }

    @Test("a plan without mail, and an address that is none, are told")
    func noMail() async throws {
        try host.commit("1.0.0", "No mail")
        let result = await test(trusting: nil)
        #expect(result.status == .failure)
        #expect(result.chatter.contains("no mail is configured"))
        #expect(await host.run("mail", "test", "--to", "a b").status == .usage)
    }

    @Test("'mail queue' shows what waits, since when and why, and what was refused")
    func queue() async throws {
        let empty = await host.run("mail", "queue")
        #expect(empty.status == .success && empty.output == "no mail waits; none is configured\n")
        let mail = "state/mail"
        try host.scratch.write("from=a@b\nto=c@d\nserver=smtps://mail\n", to: "\(mail)/settings")
        try host.scratch.write(
            "Id: 1763722800000000-00000001@b\nTime: 1763722800\nSubject: web is down\n\nx",
            to: "\(mail)/queue/1763722800000000-00000001.message")
        try host.scratch.write("time=1763723100\noutcome=unreachable\nerror=no route\n", to: "\(mail)/status")
        try host.scratch.write(
            "Subject: =?UTF-8?B?R3LDvMOfZQ==?=\n\nx", to: "\(mail)/failed/1763722700000000-00000002.eml")
        try host.scratch.write(
            "sent x@y\nrefused c@d: 550 no\n", to: "\(mail)/failed/1763722700000000-00000002.eml.progress")
        let result = await host.run("mail", "queue")
        #expect(result.status == .failure)
        #expect(
            result.output == """
                1 mail waiting
                  2025-11-21 11:00  web is down
                last attempt 2025-11-21 11:05: no route
                -> 'fairlead mail test' says what to do
                1 mail refused
                  2025-11-21 10:58  Grüße
                    c@d: 550 no
                -> mend what the server says, then 'fairlead mail queue --retry'

                """)
        let doctor = await host.run("doctor")
        #expect(doctor.output.contains("the server refused 1 mail"))
        let retried = await host.run("mail", "queue", "--retry", "--output", "json")
        #expect((retried.json["waiting"] as? [Any])?.count == 2 && (retried.json["refused"] as? [Any])?.count == 0)
    }
}

@Suite("fairlead mail --owner", .enabled(if: SMTPServer.isInstalled, "needs msmtp and python3-aiosmtpd"))
struct OwnerMailCommandTests {
    private let host: CommandFixture

    init() throws { host = try CommandFixture() }

    private func settings(_ server: SMTPServer, password: String) throws -> [String] {
        let file = try host.scratch.write(password, to: "password")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        let values = [
            "ownerMail.to=owner@acme.example", "ownerMail.from=vsn@acme.example", "ownerMail.smtp=\(server.url)",
            "ownerMail.username=vsn", "ownerMail.passwordFile=\(file)", "mailCaFile=\(server.authority)",
        ]
        return values.flatMap { ["--set", $0] }
    }

    @Test("'mail test --owner' and 'doctor' try the owner's server; a wrong password is told without it")
    func test() async throws {
        let server = try await SMTPServer(.smtps, password: "canary")
        let good = await host.run(["mail", "test", "--owner"] + (try settings(server, password: "canary\n")))
        #expect(good.status == .success, "\(good)")
        #expect(good.output.hasPrefix("'vsn1: test mail' from vsn@acme.example through"), "\(good.output)")
        #expect(good.output.contains("with the owner's settings"))
        #expect(try server.inbox().map(\.recipients) == [["owner@acme.example"]])
        #expect(try await check(settings(server, password: "canary"))?["status"] as? String == "ok")

        let bad = await host.run(["mail", "test", "--owner"] + (try settings(server, password: "not-canary")))
        #expect(bad.status == .failure && bad.output.contains("correct 'username' of 'ownerMail'"), "\(bad)")
        #expect(!"\(bad)".contains("canary"))
        server.stop()
        let dead = try await check(settings(server, password: "canary"))
        #expect(dead?["status"] as? String == "fail", "\(dead ?? [:])")
    }

    private func check(_ settings: [String]) async throws -> [String: Any]? {
        let doctor = await host.run(["doctor", "--output", "json"] + settings)
        let checks = try #require(doctor.json["checks"] as? [[String: Any]])
        return checks.first { $0["name"] as? String == "owner mail" }
    }

    @Test("settings that cannot be mailed with are a mistake of the configuration, and without any that is told")
    func mistakes() async throws {
        let result = await host.run("mail", "test", "--owner", "--set", "ownerMail.smtp=https://mail.example.com")
        #expect(result.status == .failure && result.chatter.contains("/ownerMail/smtp"), "\(result.chatter)")
        let none = await host.run("mail", "test", "--owner")
        #expect(none.status == .failure && none.chatter.contains("the owner of this host has no mail"))
    }
}
