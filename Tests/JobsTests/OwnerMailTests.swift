import Foundation
import HostSupport
import Model
import Processes
import TestSupport
import Testing

@testable import Jobs

/// Real msmtp and a real SMTP server.
@Suite("S11: mail to the host's owner", .enabled(if: SMTPServer.isInstalled, "needs msmtp and python3-aiosmtpd"))
struct OwnerMailTests {
    @Test("it goes to the owner's own server, with the password of a file, which stands nowhere else")
    func delivered() async throws {
        let server = try await SMTPServer(.smtps, password: MailBench.password)
        let bench = try MailBench(trusting: server)
        try bench.owners.install(bench.ownerMail(through: server.url), host: "vsn1")
        #expect(try await bench.ownersQueue.enqueue(subject: "a commit was refused", body: "text"))
        #expect(try await bench.queue.enqueue(subject: "to nobody", body: "text") == false)
        #expect(try await bench.sendOwners().status == 0)
        let inbox = try server.inbox()
        #expect(inbox.map(\.recipients) == [["owner@acme.example"]])
        #expect(inbox.first?.login == "vsn" && inbox.first?.isEncrypted == true)
        #expect(try await ReadMail(try #require(inbox.first).text).subject == "a commit was refused")
        #expect(try bench.ownersQueue.content().lastAttempt?.outcome == .sent)
        #expect(try bench.jobs.result("owner-mail")["summary"] == "1 sent, 0 refused, 0 waiting")
        #expect(try !bench.everythingWritten().contains(MailBench.password))
        try await bench.trial.check(bench.ownerMail(through: server.url), host: "vsn1")
    }

    @Test(
        "no plan takes it away, and one that changes or removes its own mail is told to the owner by its commit",
        .enabled(if: CronHost.unavailable == nil, "needs root and cron"))
    func changed() async throws {
        let server = try await SMTPServer(.plain)
        let cron = try CronHost()
        let owner = OwnerMail(to: ["owner@acme.example"], from: "vsn@acme.example", smtp: server.url)
        try OwnerMailSetup(cron.fixture.configuration).install(owner, host: "vsn1")
        let queue = MailQueue(ownerIn: cron.state)
        try await deploy(mailTo: "ops@acme.example", on: cron)
        try await deploy(mailTo: "ops@acme.example", on: cron)
        #expect(try queue.content().waiting.isEmpty && server.inbox().isEmpty, "there was none before")
        try await deploy(mailTo: "eve@acme.example", on: cron)
        let changed = try await newest(of: 1, at: server)
        #expect(changed.subject.contains("mail: goes now to eve@acme.example"), "\(changed.subject)")
        try await deploy(mailTo: nil, on: cron)
        let removed = try await newest(of: 2, at: server)
        #expect(removed.subject == "[acme@vsn1] a commit changed mail: nothing is mailed any more")
        #expect(removed.body.contains("Commit \(try JobScript.Origin.test().commit.hex)"))
        #expect(try queue.isConfigured && !MailQueue(stateDirectory: cron.state).isConfigured)
    }

    @Test(
        "an owner who cannot be told does not fail a deployment, which says so",
        .enabled(if: CronHost.unavailable == nil, "needs root and cron"))
    func untold() async throws {
        let cron = try CronHost()
        let owner = OwnerMail(to: ["owner@acme.example"], from: "vsn@acme.example", smtp: "smtp+plain://127.0.0.1:1")
        try OwnerMailSetup(cron.fixture.configuration).install(owner, host: "vsn1")
        try await deploy(mailTo: "ops@acme.example", on: cron)
        try FileManager.default.removeItem(atPath: "\(cron.state)/owner-mail/queue")
        try Data().write(to: URL(filePath: "\(cron.state)/owner-mail/queue"))
        let changes = try await deploy(mailTo: nil, on: cron)
        #expect(changes.contains("mail: nothing is mailed any more"))
        #expect(changes.contains { $0.hasPrefix("owner mail: the owner was not told of it: ") }, "\(changes)")
    }

    @discardableResult
    private func deploy(mailTo recipient: String?, on cron: CronHost) async throws -> [String] {
        var plan = try cron.plan()
        plan.mail = recipient.map {
            MailPlan(from: "vsn@acme.example", to: [$0], smtp: "smtp+plain://127.0.0.1:1")
        }
        return try await cron.installJobs(plan)
    }

    /// Waits for the sender, which is a process of its own.
    private func newest(of count: Int, at server: SMTPServer) async throws -> ReadMail {
        var inbox = try server.inbox()
        for _ in 0..<600 {
            if inbox.count >= count { break }
            try await Task.sleep(for: .milliseconds(50))
            inbox = try server.inbox()
        }
        #expect(inbox.count == count)
        return try await ReadMail(try #require(inbox.last).text)
    }

    @Test("what the health check finds reaches the owner too, with Fairlead gone")
    func fromBash() async throws {
        let server = try await SMTPServer(.plain)
        let bench = try MailBench()
        try bench.owners.install(bench.ownerMail(through: server.url, password: nil), host: "vsn1")
        try bench.install(through: server.url, password: nil)
        #expect(try await bench.queueFromBash("web is down", "Grüße\n.\n").status == 0)
        #expect(try await bench.send().status == 0)
        #expect(try await bench.sendOwners().status == 0)
        let inbox = try server.inbox()
        #expect(inbox.map(\.recipients) == [["ops@acme.example"], ["owner@acme.example"]])
        for message in inbox {
            let mail = try await ReadMail(message.text)
            #expect(mail.subject == "web is down" && mail.body == "Grüße\n.\n")
            #expect(mail.headers["To"] == message.recipients.first)
        }
        // And where the plan has none.
        try bench.setup.install(plan([:]), secrets: Secrets())
        #expect(try await bench.queueFromBash("web is up", "", then: "start_sending").status == 0)
        #expect(try await newest(of: 3, at: server).headers["To"] == "owner@acme.example")
    }

    @Test("a password that others can read, that is missing or cannot be sent is told without it")
    func mistakes() async throws {
        let bench = try MailBench()
        var mail = try bench.ownerMail(through: "smtps://mail.example.com", password: "canary")
        let file = try #require(mail.passwordFile)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        var messages = [await message { try bench.owners.install(mail, host: "vsn1") }]
        #expect(messages[0].contains("other users may read it"))
        mail.passwordFile = "/nonexistent/password"
        messages.append(await message { try bench.owners.install(mail, host: "vsn1") })
        #expect(messages[1].contains("it is missing"))
        mail = try bench.ownerMail(through: "smtps://mail.example.com", password: "canary\nhost evil.example.com")
        messages.append(await message { try bench.owners.install(mail, host: "vsn1") })
        #expect(messages[2].contains("contains a line break"))
        #expect(!messages.joined().contains("canary"))
        #expect(try !bench.ownersQueue.content().isConfigured)
        let dead = OwnerMail(to: ["a@b.example"], from: "c@d.example", smtp: "smtp+plain://127.0.0.1:1")
        #expect(await message { try await bench.trial.check(dead, host: "vsn1") }.contains("127.0.0.1:1"))
    }

    @Test("without 'ownerMail' nothing is installed, and what was is removed")
    func removed() async throws {
        let bench = try MailBench()
        try bench.owners.install(OwnerMail(), host: "vsn1")
        #expect(!FileManager.default.fileExists(atPath: "\(bench.state)/owner-mail"))
        let mail = try bench.ownerMail(through: "smtp+plain://127.0.0.1:1", password: nil)
        try bench.owners.install(mail, host: "vsn1")
        #expect(try bench.ownersQueue.content().isConfigured)
        try bench.owners.install(OwnerMail(), host: "vsn1")
        #expect(try !bench.ownersQueue.content().isConfigured)
        #expect(!FileManager.default.fileExists(atPath: "\(bench.state)/owner-mail/msmtprc"))
    }

    private func message(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return "no error"
        } catch {
            return "\(error)"
        }
    }
}
