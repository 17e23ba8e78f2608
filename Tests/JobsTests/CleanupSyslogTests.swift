import Foundation
import HostSupport
import Processes
import TestSupport
import Testing

@testable import Jobs

@Suite("The clean-up job purges log entries (S11)", .enabled(if: CronHost.unavailable == nil))
struct CleanupSyslogTests {
    /// `count` entries, the youngest `ago` seconds old, a minute apart; every seventh goes on in the next line.
    private func entries(_ word: String, _ time: LogTime, ago: Int, count: Int, zone: String = "UTC") -> String {
        let times = time.texts((0..<count).map { ago + (count - $0 - 1) * 60 }, zone: zone)
        return times.enumerated().map { number, time in
            let text = "\(time) vsn1 app[7]: \(word) \(number)\n"
            return number % 7 == 0 ? text + "\t\(word) goes on\n" : text
        }.joined()
    }

    @Test(
        "older entries leave the live file, younger ones stay as they are, and the file is the same one",
        arguments: LogTime.allCases, ["UTC", "Pacific/Auckland"])
    func cut(time: LogTime, zone: String) async throws {
        let bench = try CleanupBench()
        let young = entries("young", time, ago: 0, count: 300, zone: zone)
        let old = entries("old", time, ago: 14 * day + 120, count: 2000, zone: zone)
        let path = try bench.log("syslog", old + young)
        _ = try TestProgram("chmod", ["640", path]).run()
        _ = try TestProgram("chown", ["7:8", path]).run()
        let before = attributes(path)
        let result = try await bench.run(zone: zone)
        #expect(result["status"] == "0")
        let after = try content(path)
        #expect(after.hasSuffix("\n" + young))
        #expect(!after.contains("old "))
        let rest = after.dropLast(young.count)
        #expect(rest.count < 8192 && rest.hasSuffix("\n"))
        #expect(rest.contains(" (older entries were removed by fairlead)"))
        #expect(attributes(path).prefix(4) == before.prefix(4), "mode, owner, group or inode changed")
        #expect(result["summary"]?.hasPrefix("freed ") == true && result["summary"]?.contains("syslog ") == true)
        // Nothing is left to do.
        _ = try await bench.run(zone: zone)
        #expect(try content(path) == after)
    }

    /// What must not change at all, and why.
    static let kept: [(String, String)] = [
        ("empty", ""), ("no time at all", "a\nb\n"), ("only young", "YOUNG a\nYOUNG b\n"),
        ("a head without a time before a young entry", "rest of a line\nYOUNG a\n"),
        ("old after young", "YOUNG a\nOLD b\nYOUNG c\n"), ("old text in a young entry", "YOUNG a: OLD\n OLD b\n"),
        ("no final line end", "YOUNG a\nYOUNG b"), ("half a time", "Nov 1\n2026-\n"), ("zero bytes", "\0\0\0YOUNG\n"),
    ]

    @Test("what is not older, or of unknown age, is not touched", arguments: kept, LogTime.allCases)
    func untouched(content text: (String, String), time: LogTime) async throws {
        let bench = try CleanupBench()
        let filled = text.1.replacing("OLD", with: time.text(20 * day)).replacing("YOUNG", with: time.text(13 * day))
        try bench.log("auth.log", filled)
        let before = try await bench.listing(bench.logs)
        #expect(try await bench.run()["summary"] == "freed 0 bytes")
        #expect(try await bench.listing(bench.logs) == before, "\(text.0)")
    }

    @Test(
        "a file with old entries only keeps none of them, a wrong clock's future entries save none",
        arguments: LogTime.allCases)
    func onlyOld(time: LogTime) async throws {
        let stamp = time.text(15 * day)
        for (count, ending) in [(1, "\n"), (2, "\n"), (1, " without end"), (500, "\n")] {
            let bench = try CleanupBench()
            let lines = (0..<count).map { _ in "\(stamp) secret" }.joined(separator: "\n")
            let path = try bench.log("messages", lines + ending)
            _ = try await bench.run()
            let after = try content(path)
            let last = ending == "\n" ? "" : "\(stamp) secret without end"
            #expect(ending == "\n" ? !after.contains("secret") : true)
            #expect(after.hasSuffix(last))
        }
        guard time != .traditional else { return }
        let bench = try CleanupBench()
        let path = try bench.log(
            "kern.log", "\(time.text(-900 * day)) wrong\n\(time.text(20 * day)) old\n\(time.text(0)) new\n")
        _ = try await bench.run()
        let text = try content(path)
        #expect(!text.contains("wrong") && !text.contains("old\n") && text.hasSuffix(" new\n"))
    }

    @Test("entries without a year are of last year around new year")
    func newYear() async throws {
        let bench = try CleanupBench()
        // 2027-01-03 00:00:00 UTC.
        try bench.cron.fixture.scratch.install(
            "#!/bin/sh\n[ \"$*\" = +%s ] && echo 1798934400 || exec /usr/bin/date \"$@\"\n", to: "bin/date")
        let young =
            "Dec 20 00:00:01 h a: kept\nDec 31 23:59:59 h a: kept\nJan  1 00:00:00 h a: kept\nJan  3 00:00:00 h a: kept\n"
        let path = try bench.log("user.log", "Nov  1 10:00:00 h a: gone\nDec 19 23:59:59 h a: gone\n" + young)
        _ = try await bench.run()
        let text = try content(path)
        #expect(text.hasSuffix("\n" + young) && !text.contains("gone"))
    }

    @Test("rotated files and archived journals go by age; what is no log file of syslog stays")
    func rotated() async throws {
        let bench = try CleanupBench()
        let journal = "journal/0123456789abcdef0123456789abcdef"
        let old = [
            "syslog.1", "syslog.2.gz", "messages-20260101", "auth.log.7.xz", "mail.err-20260101-1767225600.gz",
            "\(journal)/system@00000000000000000000000000000000-0000000000000001-0006000000000000.journal",
            "\(journal)/user-1000@0000-1-6.journal~",
        ]
        let others = [
            "syslog.old", "dpkg.log.1", "syslog.1.tar", "nginx/syslog.1", "wtmp", "xsyslog.1",
            "\(journal)/system.journal",
        ]
        let young = ["kern.log.1", "daemon.log.2.gz", "\(journal)/system@1-2-3.journal"]
        for name in old + others + young { try bench.log(name, String(repeating: "x", count: 100_000)) }
        for name in old + others {
            _ = try TestProgram("touch", ["--date=15 days ago", "\(bench.logs)/\(name)"]).run()
        }
        let result = try await bench.run()
        #expect(result["status"] == "0" && result["summary"]?.contains("journal 200.0 KiB") == true)
        for name in old { #expect(attributes("\(bench.logs)/\(name)").isEmpty, "\(name) is left") }
        for name in others + young { #expect(!attributes("\(bench.logs)/\(name)").isEmpty, "\(name) is gone") }
    }

    @Test("mail that a server refused goes when its refusal is older than the plan keeps; what waits stays")
    func refusedMail() async throws {
        let bench = try CleanupBench()
        let kept = [
            "failed/2.eml", "failed/3.eml", "failed/3.eml.progress", "queue/4.eml", "queue/4.eml.progress",
            "queue/6.message",
        ]
        // Such as this version, and such as an older one sets aside.
        let gone = ["failed/1.eml", "failed/1.eml.progress", "failed/5.message", "failed/5.message.progress"]
        for name in gone + kept {
            try bench.cron.fixture.scratch.install(String(repeating: "x", count: 5000), to: "state/mail/\(name)")
        }
        // The third waited for long, and was refused today.
        for name in gone + ["failed/3.eml", "queue/4.eml", "queue/4.eml.progress", "queue/6.message"] {
            _ = try TestProgram("touch", ["--date=15 days ago", "\(bench.cron.state)/mail/\(name)"]).run()
        }
        #expect(try await bench.run()["summary"] == "freed 32.0 KiB: refused mail 32.0 KiB")
        let left = try FileManager.default.subpathsOfDirectory(atPath: "\(bench.cron.state)/mail")
        #expect(left.filter { $0.contains(".eml") || $0.contains(".message") }.sorted() == kept)
    }

    @Test("a file system that cannot cut a file keeps its size and loses the old entries")
    func uncuttable() async throws {
        var bench = try CleanupBench()
        try await withTmpfs(size: "16m", in: bench.cron.fixture.scratch) { path in
            bench.cron.fixture.configuration.systemLogDirectories = [path]
            let young = entries("young", .microseconds, ago: 0, count: 100)
            let text = entries("old", .microseconds, ago: 15 * day, count: 3000) + young
            try text.write(toFile: "\(path)/syslog", atomically: false, encoding: .utf8)
            let result = try await bench.run()
            #expect(result["status"] == "0" && result["summary"] == "freed 0 bytes")
            let after = try content("\(path)/syslog")
            #expect(after.utf8.count == text.utf8.count && after.hasSuffix("\n" + young) && !after.contains("old "))
            #expect(after.split(separator: "\n").allSatisfy { $0.first == "2" || $0.first == "\t" })
        }
    }
}
