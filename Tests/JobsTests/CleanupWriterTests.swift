import Foundation
import HostSupport
import Processes
import TestSupport
import Testing

@testable import Jobs

@Suite("The clean-up job loses nothing of a log that is being written (S11)", .enabled(if: CronHost.unavailable == nil))
struct CleanupWriterTests {
    @Test("a writer that appends without a pause loses no line, and goes on in the same file")
    func appending() async throws {
        let bench = try CleanupBench()
        let path = try bench.log("syslog", "")
        // Lines are numbered, and a second after it was written a line may go.
        let writer = try TestProgram(
            "bash",
            [
                "-c",
                #"exec >>"$0"; for ((i = 1; ; i++)); do printf '%(%Y-%m-%dT%H:%M:%S%z)T vsn1 w: %d x%0200d\n' -1 $i 0; done"#,
                path,
            ]
        ).start()
        defer { writer.stop() }
        let inode = attributes(path)[3]
        var freed = 0
        for _ in 0..<6 {
            try await Task.sleep(for: .milliseconds(1300))
            let result = try await bench.run(keep: "1s")
            let log = try content("\(bench.root)/log/cleanup.log")
            #expect(result["status"] == "0", "\(log)")
            if result["summary"]?.contains("syslog") == true { freed += 1 }
        }
        writer.stop()
        #expect(freed >= 3, "the test must cut while the writer writes")
        #expect(attributes(path)[3] == inode)
        let lines = try content(path).split(separator: "\n").filter { !$0.contains("removed by fairlead") }
        let numbers = lines.compactMap { line in
            line.split(separator: " ").dropFirst(3).first.flatMap { Int($0) }
        }
        #expect(numbers.count == lines.count || numbers.count == lines.count - 1, "a line is damaged")
        let first = try #require(numbers.first)
        #expect(numbers == Array(first..<first + numbers.count), "a line is lost")
    }

    @Test(
        "rsyslog writes every message into the same file, before, during and after the cut",
        .enabled(if: mustRun || TestProgram.find("rsyslogd") != nil, "rsyslog is not installed"))
    func rsyslog() async throws {
        let bench = try CleanupBench()
        let time = LogTime.traditional.text(20 * day)
        let old = (0..<5000).map { "\(time) vsn1 old: entry \($0)\n" }.joined()
        let path = try bench.log("syslog", old)
        let socket = "\(bench.root)/log.sock"
        let configuration = try bench.cron.fixture.scratch.write(
            """
            global(workDirectory="\(bench.root)")
            module(load="imuxsock" SysSock.Use="off")
            input(type="imuxsock" Socket="\(socket)" RateLimit.Interval="0")
            action(type="omfile" file="\(path)")

            """, to: "rsyslog.conf")
        let daemon = try TestProgram(
            "rsyslogd", ["-n", "-f", configuration, "-i", "\(bench.root)/rsyslog.pid"]
        ).start()
        defer { daemon.stop() }
        for _ in 0..<100 where attributes(socket).isEmpty { try await Task.sleep(for: .milliseconds(50)) }
        let messages = (0..<3000).map { "message \($0)." }
        let logger = Command(
            try #require(Command.find("logger")), ["--socket", socket, "--tag", "w"],
            input: Array((messages.joined(separator: "\n") + "\n").utf8))
        async let logged = logger.run()
        let result = try await bench.run()
        _ = try await logged
        let report = try content("\(bench.root)/log/cleanup.log")
        #expect(result["status"] == "0" && result["summary"]?.contains("syslog") == true, "\(report)")
        try await tool("logger", "--socket", socket, "--tag", "w", "the last one")
        for _ in 0..<100 where try !content(path).contains("the last one") {
            try await Task.sleep(for: .milliseconds(50))
        }
        let text = try content(path)
        #expect(!text.contains("old: entry") && text.contains("the last one"))
        #expect(messages.filter { !text.contains("w: \($0)\n") }.isEmpty)
    }

    @Test("who writes without appending would leave a hole: the file is left alone, and the result says so")
    func notAppending() async throws {
        let bench = try CleanupBench()
        let path = try bench.log("syslog", "\(LogTime.universal.text(20 * day)) old\n")
        let writer = try TestProgram("bash", ["-c", #"exec 3<>"$0"; sleep 60"#, path]).start()
        defer { writer.stop() }
        try await Task.sleep(for: .milliseconds(300))
        let before = try await bench.listing(bench.logs)
        let result = try await bench.run()
        #expect(result["status"] == "1" && result["summary"]?.contains("not all done: syslog") == true)
        #expect(try await bench.listing(bench.logs) == before)
    }

    @Test("data directories are never touched, whatever lies in them, and by whatever way they can be reached")
    func lookAlikes() async throws {
        let bench = try CleanupBench()
        let data = bench.cron.fixture.data
        let scratch = bench.cron.fixture.scratch
        let commit = String(repeating: "b2", count: 20)
        let old = String(repeating: "\(LogTime.universal.text(90 * day)) old\n", count: 1000)
        let names = [
            "syslog", "syslog.1", "syslog.2.gz", "auth.log", "backup.tar", "downloads/a.tar.zst",
            "trees/\(commit)/files/x",
            "journal/0123456789abcdef0123456789abcdef/system@1-2-3.journal", "crontab/2026-01-01T00-00-00Z", "linked",
            "failed/1.eml", "failed/2.message",
        ]
        for name in names { try scratch.write(old, to: "data/acme/\(name)") }
        _ = try await tool("find", data, "-exec", "touch", "--date=90 days ago", "{}", "+")
        let files = FileManager.default
        let state = bench.cron.state
        try files.createDirectory(atPath: "\(state)/crontab", withIntermediateDirectories: true)
        // Links from where the job looks to where it must not.
        let target = "\(data)/acme"
        for name in ["syslog", "syslog.1", "messages"] {
            try files.createSymbolicLink(atPath: "\(bench.logs)/\(name)", withDestinationPath: "\(target)/syslog")
        }
        try files.linkItem(atPath: "\(target)/linked", toPath: "\(bench.logs)/kern.log")
        for name in ["journal"] {
            try files.createSymbolicLink(atPath: "\(bench.logs)/\(name)", withDestinationPath: "\(target)/\(name)")
        }
        for name in ["downloads", "trees"] {
            try files.createSymbolicLink(atPath: "\(state)/\(name)", withDestinationPath: "\(target)/\(name)")
        }
        try files.createDirectory(atPath: "\(state)/mail", withIntermediateDirectories: true)
        try files.createSymbolicLink(atPath: "\(state)/mail/failed", withDestinationPath: "\(target)/failed")
        let before = try await bench.listing(data)
        let result = try await bench.run()
        #expect(result["summary"]?.hasPrefix("freed 0 bytes") == true)
        #expect(try await bench.listing(data) == before)

        // A log directory, and a state directory, that lie in a data directory.
        var inside = bench
        inside.cron.fixture.configuration.systemLogDirectories = [target]
        _ = try await inside.run()
        #expect(try await bench.listing(data) == before)
        for name in ["downloads", "trees"] { try files.removeItem(atPath: "\(state)/\(name)") }
        try files.createDirectory(atPath: "\(state)/trees", withIntermediateDirectories: true)
        try files.createDirectory(atPath: "\(state)/downloads", withIntermediateDirectories: true)
        try files.createSymbolicLink(
            atPath: "\(state)/trees/\(commit)", withDestinationPath: "\(target)/trees/\(commit)")
        try files.createSymbolicLink(
            atPath: "\(state)/downloads/more", withDestinationPath: "\(target)/downloads")
        _ = try await bench.run()
        #expect(try await bench.listing(data) == before)
    }
}
