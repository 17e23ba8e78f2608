import Files
import Foundation
import HostSupport
import Model
import TestSupport
import Testing

@testable import Jobs

@Suite("Root's crontab, through Debian's cron (S11)", .enabled(if: CronHost.unavailable == nil))
struct RootCrontabTests {
    private func backups(_ cron: CronHost) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(cron.state)/crontab").sorted()
    }

    @Test(
        "everything of the operator's survives installing, changing and removing jobs, byte for byte",
        arguments: CrontabTests.contents.filter {
            ($0.isEmpty || $0.hasSuffix("\n")) && !$0.unicodeScalars.contains("\0")
        })
    func roundTrip(content: String) async throws {
        let cron = try CronHost()
        try cron.plant(content)
        try await cron.installJobs(cron.plan())
        #expect(cron.crontab?.hasPrefix(Crontab.begin) == true && cron.crontab?.hasSuffix(content) == true)
        try await cron.installJobs(cron.plan(cleanup: "5 5 * * *"))
        #expect(cron.crontab?.hasSuffix("\n# END fairlead\n" + content) == true)
        try await cron.removeJobs()
        #expect(cron.crontab == content)
    }

    @Test("where there was no crontab there is none when the jobs are removed")
    func absent() async throws {
        let cron = try CronHost()
        try await cron.installJobs(cron.plan())
        #expect(cron.crontab?.contains("30 3 * * * /bin/bash \(cron.state)/jobs/cleanup\n") == true)
        try await cron.removeJobs()
        #expect(cron.crontab == nil)
        #expect(!FileManager.default.fileExists(atPath: "\(cron.state)/jobs/cleanup"))
        #expect(try backups(cron).filter { $0.hasSuffix(".absent") }.count == 1)
    }

    @Test("the crontab is backed up before each change, for root's eyes only, and not written without one")
    func backup() async throws {
        let cron = try CronHost()
        let original = "MAILTO=ops@example.com\n0 1 * * * backup\r\n"
        try cron.install(original)
        let first = try await cron.installJobs(cron.plan())
        #expect(first.count == 1 && first[0].contains("put cleanup into the crontab"))
        let written = attributes(cron.spoolFile)
        #expect(try await cron.installJobs(cron.plan(), deployment: 8).isEmpty)
        #expect(attributes(cron.spoolFile) == written)
        let names = try backups(cron)
        #expect(names.count == 1)
        #expect(first[0].contains(names[0]))
        #expect(try content("\(cron.state)/crontab/\(names[0])") == original)
        #expect(mode("\(cron.state)/crontab/\(names[0])") == 0o600)
        #expect(mode("\(cron.state)/crontab") == 0o700)
        try await cron.removeJobs()
        #expect(try backups(cron).count == 2)
    }

    @Test("thirty backups are kept: the first, and the newest")
    func retention() async throws {
        let cron = try CronHost()
        let original = "0 1 * * * first\n"
        try cron.install(original)
        for minute in 0..<35 { try await cron.installJobs(cron.plan(cleanup: "\(minute) 3 * * *")) }
        let all = try cron.table.backups()
        #expect(all.count == 30)
        let oldest = try #require(all.last)
        #expect(try cron.table.backup(oldest.name) == Array(original.utf8))
        let newest = try cron.table.backup(all[0].name)
        #expect(String(decoding: newest, as: UTF8.self).contains("\n33 3 * * * "))
    }

    @Test("a backup brings the operator's lines back below the entries that Fairlead has now")
    func restore() async throws {
        let cron = try CronHost()
        try cron.install("0 1 * * * before\n")
        try await cron.installJobs(cron.plan())
        try cron.install((cron.crontab ?? "").replacing("0 1 * * * before\n", with: "0 1 * * * mistake\n"))
        try await cron.installJobs(cron.plan(cleanup: "4 4 * * *"))
        let oldest = try #require(try cron.table.backups().last?.name)
        let done = try await cron.table.restore(oldest)
        #expect(done.restored == oldest && done.former != nil)
        #expect(cron.crontab?.hasSuffix("# END fairlead\n0 1 * * * before\n") == true)
        #expect(cron.crontab?.contains("\n4 4 * * * ") == true)
        #expect(try await cron.table.restore(oldest).former == nil, "nothing to change")
        // The newest: what the restoring itself replaced.
        _ = try await cron.table.restore(nil)
        #expect(cron.crontab?.hasSuffix("0 1 * * * mistake\n") == true)
        for name in ["nonsense", "../../etc/shadow", "2026-01-01T00-00-00Z"] {
            let error = await #expect(throws: HostError.self) { try await cron.table.restore(name) }
            #expect(error?.message.contains("there is no backup") == true)
        }
    }

    @Test("a last line without an end, for which cron ignores a whole crontab, gets one")
    func noFinalLineEnd() async throws {
        let cron = try CronHost()
        try cron.plant("0 1 * * * a\n0 2 * * * b")
        let changes = try await cron.installJobs(cron.plan())
        #expect(cron.crontab?.hasSuffix("0 1 * * * a\n0 2 * * * b\n") == true)
        #expect(changes[0].contains("the last line had no end"))
        let name = try #require(try backups(cron).first)
        #expect(try content("\(cron.state)/crontab/\(name)") == "0 1 * * * a\n0 2 * * * b")
    }

    @Test("a crontab program that fails or does something else is an error that says what to do")
    func brokenProgram() async throws {
        let cron = try CronHost()
        try cron.plant("0 1 * * * a\n")
        for (text, words) in [("exit 7", "cannot install"), ("exit 0", "another one was found")] {
            try cron.fixture.scratch.install("#!/bin/sh\necho no >&2\n\(text)\n", to: "bin/crontab")
            let error = await #expect(throws: HostError.self) { try await cron.installJobs(cron.plan()) }
            #expect(error?.message.contains(words) == true && error?.hint.isEmpty == false)
            #expect(cron.crontab == "0 1 * * * a\n")
        }
    }

    @Test("a crontab that cron does not understand is a problem before the stack is touched, and 'crontab' is needed")
    func problems() async throws {
        var cron = try CronHost()
        try cron.plant("0 1 * * * a\n")
        #expect(try await cron.problems(for: cron.plan()).isEmpty)
        try cron.plant("0 1 * * * a\n99 * * * * b\n")
        let wrong = try await cron.problems(for: cron.plan())
        #expect(wrong.count == 1 && wrong[0].message.contains("bad minute"))
        #expect(try await cron.problems(for: cron.plan(cleanup: nil)).isEmpty)
        #expect(cron.crontab == "0 1 * * * a\n99 * * * * b\n")
        cron.fixture.configuration.commandPath = "/nonexistent"
        let missing = try await cron.problems(for: cron.plan()).map(\.message)
        #expect(missing.contains("'crontab' is not installed") && missing.contains("'flock' is not installed"))
    }

    @Test("a host whose Fairlead never installed a job has its crontab left alone, block or not")
    func foreignBlock() async throws {
        let cron = try CronHost()
        let text = "\(Crontab.begin)\n1 2 3 4 5 /bin/bash /another/jobs/cleanup\n\(Crontab.end)\n"
        try cron.plant(text)
        #expect(try await cron.installJobs(cron.plan(cleanup: nil)).isEmpty)
        try await cron.removeJobs()
        #expect(cron.crontab == text)
    }

    @Test("cron runs a job within a minute, whatever is in the directory's name, without a Fairlead program")
    func fires() async throws {
        let cron = try CronHost(name: "/o'f 5%s")
        try cron.install("SHELL=/bin/false\nPATH=/nonexistent\n")
        try await cron.installJobs(cron.plan(cleanup: "* * * * *"))
        let result = "\(cron.state)/jobs/results/cleanup"
        try await cron.withCron { FileManager.default.fileExists(atPath: result) }
        let text = try content(result)
        #expect(text.contains("\nstatus="))
        #expect(text.contains("\nsummary=freed "))
        #expect(!(try content("\(cron.root)/log/cleanup.log")).isEmpty)
    }
}
