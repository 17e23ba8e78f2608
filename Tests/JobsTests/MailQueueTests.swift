import Files
import Foundation
import Glibc
import HostSupport
import Model
import Processes
import TestSupport
import Testing

@testable import Jobs

@Suite("The mail queue (S11)", .enabled(if: SMTPServer.isInstalled, "needs msmtp and python3-aiosmtpd"))
struct MailQueueTests {
    @Test("a recipient who is refused keeps no mail from the others; the mail is set aside, with the server's answer")
    func refusedRecipient() async throws {
        let server = try await SMTPServer(.plain)
        let bench = try MailBench()
        try bench.install(
            to: ["nobody@acme.example", "ops@acme.example", "full@acme.example"], through: server.url, password: nil)
        for number in 1...2 { try await bench.queue.enqueue(subject: "mail \(number)", body: "x") }
        #expect(try await bench.send().status == 0)
        #expect(try server.inbox().map(\.recipients) == [["ops@acme.example"], ["ops@acme.example"]])
        let content = try bench.queue.content()
        #expect(content.waiting.isEmpty && content.refused.map(\.subject) == ["mail 1", "mail 2"])
        #expect(
            content.refused.first?.answers == [
                "nobody@acme.example: recipient address nobody@acme.example not accepted by the server; server message: "
                    + "550 5.1.1 <nobody@acme.example>: no such mailbox",
                "full@acme.example: the server did not accept the mail; server message: 552 5.2.2 mailbox is full",
            ])
        #expect(try bench.summary == "2 sent, 2 refused, 0 waiting")

        // The plan is corrected: who has got it does not get it again.
        #expect(
            try bench.install(to: ["oncall@acme.example", "ops@acme.example"], through: server.url, password: nil)
                == ["mail: goes now to oncall@acme.example, ops@acme.example through '\(server.url)'"])
        #expect(try await bench.send().status == 0)
        #expect(
            try server.inbox().dropFirst(2).map(\.recipients) == [["oncall@acme.example"], ["oncall@acme.example"]])
        #expect(try bench.queue.content().refused.isEmpty)
    }

    @Test("changed settings send again what was refused within a day; older news wait for an operator's word")
    func refusedLongAgo() async throws {
        let bench = try MailBench()
        try bench.install(through: "smtp+plain://localhost:1", password: nil)
        let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
        for hours in [1, 23, 25, 1000] as [Int64] {
            let name = "\(now - hours * 3_600_000_000)-00000001.eml"
            try bench.jobs.fixture.scratch.write("Subject: \(hours) h\n\nx", to: "state/mail/failed/\(name)")
            try bench.jobs.fixture.scratch.write("refused a@b: no", to: "state/mail/failed/\(name).progress")
        }
        try bench.install(through: "smtp+plain://localhost:2", password: nil)
        #expect(try bench.queue.content().waiting.map(\.subject) == ["23 h", "1 h"])
        #expect(try bench.queue.content().refused.map(\.subject) == ["1000 h", "25 h"])
        #expect(try bench.queue.requeueRefused() == 2)
        #expect(try bench.queue.content().refused.isEmpty)
    }

    @Test("a recipient who is put off gets the mail later; the others get it now, and once")
    func putOff() async throws {
        let server = try await SMTPServer(.plain)
        let bench = try MailBench()
        try bench.install(to: ["later@acme.example", "ops@acme.example"], through: server.url, password: nil)
        for number in 1...2 { try await bench.queue.enqueue(subject: "mail \(number)", body: "x") }
        for _ in 1...2 { #expect(try await bench.send().status == 1) }
        #expect(try server.inbox().map(\.recipients) == [["ops@acme.example"], ["ops@acme.example"]])
        let content = try bench.queue.content()
        #expect(content.waiting.count == 2 && content.lastAttempt?.error.hasSuffix("451 4.7.1 come again") == true)
    }

    @Test("two senders never send one mail twice; what is queued meanwhile is sent by the one that runs")
    func twoSenders() async throws {
        let server = try await SMTPServer(.plain)
        let bench = try MailBench()
        try bench.install(to: ["slow@acme.example"], through: server.url, password: nil)
        try await bench.queue.enqueue(subject: "mail 1", body: "x")
        try await bench.queue.sendSoon()
        try await until { access("\(bench.state)/mail/lock", F_OK) == 0 }
        try await bench.queue.enqueue(subject: "mail 2", body: "x")
        async let second = bench.send()
        async let third = bench.send()
        try server.release()
        #expect(try await [second.status, third.status] == [0, 0])
        try await until { try bench.queue.content().waiting.isEmpty }
        #expect(try server.inbox().count == 2)
    }

    @Test("a sender that was killed after one of two recipients had the mail sends it to the other only")
    func killedBetweenRecipients() async throws {
        let server = try await SMTPServer(.plain)
        let bench = try MailBench()
        try bench.install(to: ["ops@acme.example", "slow@acme.example"], through: server.url, password: nil)
        try await bench.queue.enqueue(subject: "mail", body: "x")
        async let killed = bench.send()
        // The first is noted, and the second is under way.
        try await until { try await !tool("pgrep", "-f", "\(bench.state)/mail/msmtprc.*slow@", orStatus: 1).isEmpty }
        for process in try await tool("pgrep", "-f", "\(bench.state)/.*/send-mail").text.split(separator: "\n") {
            kill(try #require(pid_t(process)), SIGKILL)
        }
        _ = try? await killed
        try server.release()
        #expect(try await bench.send().status == 0)
        #expect(try bench.queue.content().waiting.isEmpty)
        #expect(try server.inbox().count { $0.recipients == ["ops@acme.example"] } == 1)
        #expect(try server.inbox().contains { $0.recipients == ["slow@acme.example"] })
    }

    @Test("a job that starts sending goes on at once, and what sends does not hold its lock")
    func detached() async throws {
        let server = try SilentSMTPServer()
        var bench = try MailBench()
        bench.deadlines = MailDeadlines(network: 20, message: 20)
        try bench.install(through: "smtps://localhost:\(server.port)")
        let job = try await bench.queueFromBash("mail", "x", then: "take_lock 0\nstart_sending")
        #expect(job.status == 0)
        try await until { access("\(bench.state)/mail/lock", F_OK) == 0 }
        let sender = try await tool("pgrep", "-f", "\(bench.state)/.*/send-mail").text
        #expect(!sender.isEmpty, "it is still at it")
        _ = try await HostLock.acquire(at: bench.jobs.lock, command: "test", now: Timestamp(milliseconds: 0))
        for process in sender.split(separator: "\n") { kill(try #require(pid_t(process)), SIGKILL) }
    }

    @Test(
        "when a thousand mails wait, minor ones are given up, the oldest first, and others never",
        arguments: [true, false])
    func full(fromBash: Bool) async throws {
        let bench = try MailBench()
        try bench.install(through: "smtp+plain://localhost:1", password: nil)
        for number in 0..<MailQueue.limit {
            let name =
                "17000000000000\(String(number + 100).suffix(2))-\(number + 10000)\(number == 7 ? ".minor" : "")"
                + (number.isMultiple(of: 2) ? ".message" : ".eml")
            try bench.jobs.fixture.scratch.write("Subject: \(number)\n\n", to: "state/mail/queue/\(name)")
        }
        for _ in 1...2 {
            if fromBash {
                #expect(try await bench.queueFromBash("new", "x").status == 0)
            } else {
                try await bench.queue.enqueue(subject: "new", body: "x")
            }
        }
        let subjects = try bench.queue.content().waiting.map(\.subject)
        #expect(subjects.count == MailQueue.limit + 1)
        #expect(!subjects.contains("7") && subjects.filter { $0 == "new" }.count == 2)
    }

    @Test("mail that an older version queued is sent as it is, in its turn, set aside and queued again like any other")
    func olderMails() async throws {
        let server = try await SMTPServer(.plain)
        let bench = try MailBench()
        try bench.install(to: ["ops@acme.example", "nobody@acme.example"], through: server.url, password: nil)
        let mail = """
            Date: Fri, 21 Nov 2025 10:58:20 +0000
            From: vsn@acme.example
            To: then@acme.example
            Message-ID: <1763722700000000-00000001@acme.example>
            Subject: =?UTF-8?B?R3LDvMOfZQ==?=

            old

            """
        try bench.jobs.fixture.scratch.write(mail, to: "state/mail/queue/1763722700000000-00000001.eml")
        try await bench.queue.enqueue(subject: "new", body: "x")
        #expect(try bench.queue.content().waiting.map(\.subject) == ["Grüße", "new"])
        #expect(try await bench.send().status == 0)
        let inbox = try server.inbox()
        #expect(inbox.map(\.recipients) == [["ops@acme.example"], ["ops@acme.example"]])
        #expect(inbox.first?.text == mail.replacing("\n", with: "\r\n"))
        let refused = try bench.queue.content().refused
        #expect(refused.map(\.subject) == ["Grüße", "new"] && refused.allSatisfy { $0.answers.count == 1 })
        #expect(try bench.queue.requeueRefused() == 2)
        #expect(try bench.queue.content().waiting.map(\.subject) == ["Grüße", "new"])
        #expect(try await bench.send().status == 0)
        #expect(try bench.summary == "0 sent, 2 refused, 0 waiting")
    }

    @Test(
        "what an older version installed to send mail is replaced before anything is queued for it",
        .enabled(if: CronHost.unavailable == nil, "needs root and cron"))
    func olderSender() async throws {
        let cron = try CronHost()
        let state = cron.state
        var plan = try cron.plan()
        plan.mail = MailPlan(from: "vsn@acme.example", to: ["ops@acme.example"], smtp: "smtp+plain://127.0.0.1:1")
        try cron.jobs.renewMailSender()
        #expect(access("\(state)/mail/send-mail", F_OK) != 0, "none was installed")
        try await cron.installJobs(plan)
        let senders = ["mail/send-mail", "jobs/send-mail"]
        let installed = try senders.map { try content("\(state)/\($0)") }
        for sender in senders { try cron.fixture.scratch.write("#!/bin/bash\nexit 0\n", to: "state/\(sender)") }
        try cron.jobs.renewMailSender()
        #expect(try senders.map { try content("\(state)/\($0)") } == installed)
        #expect(senders.allSatisfy { mode("\(state)/\($0)") == 0o700 })
        let before = try senders.map { try FileManager.default.attributesOfItem(atPath: "\(state)/\($0)") }
        try cron.jobs.renewMailSender()
        let after = try senders.map { try FileManager.default.attributesOfItem(atPath: "\(state)/\($0)") }
        #expect(
            before.map { $0[.systemFileNumber] as? Int } == after.map { $0[.systemFileNumber] as? Int },
            "nothing is written when nothing differs")
    }

    @Test("each attempt has the Message-ID and the date of the first, and everything else by the settings of now")
    func sameIdentity() async throws {
        let server = try await SMTPServer(.plain)
        let bench = try MailBench()
        try bench.install(through: "smtp+plain://localhost:1", password: nil)
        try await bench.queue.enqueue(subject: "mail", body: "x")
        let name = try #require(bench.queue.content().waiting.first?.name)
        // As if it had been queued on another day: neither the time of an attempt, nor the domain of the sender by then.
        let path = "\(bench.state)/mail/queue/\(name)"
        let queued = try content(path)
        try bench.jobs.fixture.scratch.write(
            queued.replacing("Time: \(name.prefix(10))\n", with: "Time: 1763722700\n"), to: "state/mail/queue/\(name)")
        #expect(try content(path) != queued)
        #expect(try await bench.send().status == 1)
        var plan = plan([:])
        plan.mail = MailPlan(from: "vsn@other.example", to: ["oncall@other.example"], smtp: server.url)
        try bench.setup.install(plan, secrets: Secrets())
        #expect(try await bench.send().status == 0)
        let message = try #require(server.inbox().first)
        let mail = try await ReadMail(message.text)
        #expect(message.from == "vsn@other.example" && mail.headers["From"] == "vsn@other.example")
        #expect(message.recipients == ["oncall@other.example"] && mail.headers["To"] == "oncall@other.example")
        #expect(mail.headers["Message-ID"] == "<\(name.prefix(25))@acme.example>")
        let date = try await tool("date", "+%s", "--date", try #require(mail.headers["Date"])).text
        #expect(date == "1763722700\n")
    }

    @Test("of a damaged message no mail is made; it stays, is told of, and keeps no other from being sent")
    func damaged() async throws {
        let server = try await SMTPServer(.plain)
        let bench = try MailBench()
        try bench.install(through: server.url, password: nil)
        for (number, text) in ["", "garbage", "Id: a@b\nTime: soon\nSubject: x\n\nx", "\0\0"].enumerated() {
            let name = "176372270000000\(number)-00000001.message"
            try bench.jobs.fixture.scratch.write(text, to: "state/mail/queue/\(name)")
        }
        try await bench.queue.enqueue(subject: "mail", body: "x")
        #expect(try await bench.send().status == 1)
        #expect(try server.inbox().count == 1)
        #expect(try bench.queue.content().waiting.count == 4)
        #expect(
            try bench.summary
                == "1 sent, 0 refused, 4 waiting: no mail can be made of '1763722700000003-00000001.message'")
    }

    @Test("without mail in the plan nothing is queued; what waits stays, and is sent when a plan has mail again")
    func removed() async throws {
        let server = try await SMTPServer(.plain)
        let bench = try MailBench()
        #expect(try await !bench.queue.enqueue(subject: "mail 0", body: "x"))
        #expect(try await bench.queueFromBash("mail 0", "x").status == 0)
        try await bench.queue.sendSoon()
        #expect(try bench.queue.content().waiting.isEmpty)
        try bench.install(through: server.url, password: nil)
        try await bench.queue.enqueue(subject: "mail 1", body: "x")
        #expect(
            try bench.setup.install(plan([:]), secrets: Secrets()) == ["mail: nothing is mailed any more"])
        #expect(access("\(bench.state)/mail/msmtprc", F_OK) != 0)
        #expect(try await bench.send().status == 0)
        #expect(try bench.queue.content().waiting.count == 1)
        try bench.install(through: server.url, password: nil)
        #expect(try await bench.send().status == 0)
        #expect(try server.inbox().count == 1)
    }

    @Test("the password is in one file that only root reads, and never in an argument, a log or the queue")
    func canary() async throws {
        let server = try await SMTPServer(.smtps, password: MailBench.password)
        let bench = try MailBench(trusting: server)
        try bench.install(to: ["slow@acme.example"], through: server.url)
        #expect(mode("\(bench.state)/mail/msmtprc") == 0o600 && mode("\(bench.state)/mail") == 0o700)
        try await bench.queue.enqueue(subject: "mail", body: "x")
        async let sent = bench.send()
        var arguments = ""
        try await until {
            arguments = try await tool("sh", "-c", "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null || true")
                .text
            return arguments.contains("\(bench.state)/mail/msmtprc")
        }
        try server.release()
        #expect(!arguments.contains(MailBench.password))
        #expect(try await sent.status == 0)
        #expect(try !bench.everythingWritten().contains("canary"))
        #expect(try content("\(bench.state)/mail/msmtprc").contains("canary"), "else the test would prove nothing")
    }

    /// Waits until `condition` holds.
    private func until(
        _ condition: () async throws -> Bool, at place: SourceLocation = #_sourceLocation
    ) async throws {
        for _ in 0..<600 {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("did not come true within 30 s", sourceLocation: place)
    }
}
