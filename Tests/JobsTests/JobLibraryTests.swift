import Files
import Foundation
import HostSupport
import Model
import Processes
import TestSupport
import Testing

@testable import Jobs

@Suite("What all cron jobs share (S4, S11)")
struct JobLibraryTests {
    @Test("a job records start, end, status and one line of summary, and logs what its tools say")
    func result() async throws {
        let bench = try JobBench()
        let before = Int(Date().timeIntervalSince1970)
        let job = try bench.job(
            "probe",
            """
            job_begin probe 20
            ls /nonexistent-of-fairlead
            log "a line with a
            line end"
            finish 3 $'two\\nlines'
            """)
        let ended = try await bench.run(job)
        #expect(ended.status == 3)
        #expect(ended.output.isEmpty && ended.errorTail.isEmpty, "cron would mail it")
        let result = try bench.result("probe")
        #expect(result["status"] == "3" && result["summary"] == "two lines")
        let times = [result["started"], result["ended"]].compactMap { $0.flatMap { Int($0) } }
        #expect(times.count == 2 && times[0] >= before && times[1] >= times[0])
        let log = try bench.log("probe")
        #expect(log.contains("nonexistent-of-fairlead") && log.contains(" a line with a line end\n"))
        #expect(mode("\(bench.root)/log/probe.log") == 0o600)
        #expect(mode("\(bench.state)/jobs/results/probe") == 0o600)
    }

    @Test("a job that outlives its deadline is ended with all that it started, and the result says so")
    func deadline() async throws {
        let bench = try JobBench()
        // One that ends when it is asked to, and one that must be killed.
        for trap in ["", "trap '' TERM; trap() { :; }"] {
            let job = try bench.job(
                "slow", "\(trap)\njob_begin slow 1\ntake_lock 0\n(sleep 91.5) & sleep 91.5\nfinish 0 done")
            #expect(try await bench.run(job).status != 0)
            let result = try bench.result("slow")
            #expect(result["status"] == "124" && result["summary"]?.contains("did not finish within 1 s") == true)
        }
        #expect(try await tool("pgrep", "-f", "^sleep 91.5$", orStatus: 1).isEmpty)
        _ = try await HostLock.acquire(at: bench.lock, command: "test", now: Timestamp(milliseconds: 0))
    }

    @Test("the lock of deployments keeps a job out, and a job keeps deployments out and is named to them")
    func lock() async throws {
        let bench = try JobBench()
        let quick = try bench.job("quick", "job_begin quick 20\ntake_lock 0\nfinish 0 done")
        let held = try await HostLock.acquire(at: bench.lock, command: "fairlead run", now: Timestamp(milliseconds: 0))
        let skipped = try await bench.run(quick)
        #expect(skipped.status == 0 && skipped.output.isEmpty)
        #expect(throws: (any Error).self) { try bench.result("quick") }
        #expect(!attributes("\(bench.state)/jobs/results/quick.skipped").isEmpty)
        _ = consume held
        #expect(try await bench.run(quick).status == 0)
        #expect(try bench.result("quick")["summary"] == "done")

        let flag = "\(bench.root)/go-on"
        let long = try bench.job(
            "long", "job_begin long 30\ntake_lock 5\nuntil [ -e \(flag) ]; do sleep 0.05; done\nfinish 0 done")
        async let running = bench.run(long)
        var holder: LockHolder?
        for _ in 0..<200 where holder == nil {
            holder = LockHolder.read(at: bench.lock)
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(holder?.command == "fairlead job long")
        let error = await #expect(throws: HostError.self) {
            _ = try await HostLock.acquire(at: bench.lock, command: "test", now: Timestamp(milliseconds: 0))
        }
        #expect(error?.message.contains("'fairlead job long'") == true)
        try bench.fixture.scratch.write("", to: "go-on")
        #expect(try await running.status == 0)
        #expect(LockHolder.read(at: bench.lock) == nil)
    }

    @Test("what the engine's program starts does not inherit the lock")
    func inheritedLock() async throws {
        let bench = try JobBench()
        let job = try bench.job(
            "daemon",
            "job_begin daemon 20\ntake_lock 0\nengine -c 'setsid sleep 30 >/dev/null 2>&1 & echo $!'\nfinish 0 done",
            settings: { _ in })
        let text = try content(job).replacing("declare -r ENGINE=podman", with: "declare -r ENGINE=/bin/bash")
        try bench.fixture.scratch.write(text, to: "state/jobs/daemon")
        #expect(try await bench.run(job).status == 0)
        let pid = try #require(try bench.log("daemon").split(separator: "\n").first.flatMap { Int32($0) })
        defer { kill(pid, SIGKILL) }
        #expect(kill(pid, 0) == 0)
        _ = try await HostLock.acquire(at: bench.lock, command: "test", now: Timestamp(milliseconds: 0))
    }

    @Test("a lock file that somebody replaces excludes nobody: the job takes the new one")
    func replacedLock() async throws {
        let bench = try JobBench()
        let first = try await HostLock.acquire(at: bench.lock, command: "old", now: Timestamp(milliseconds: 0))
        try FileManager.default.removeItem(atPath: bench.lock)
        let second = try await HostLock.acquire(at: bench.lock, command: "new", now: Timestamp(milliseconds: 0))
        let job = try bench.job("late", "job_begin late 20\ntake_lock 0\nfinish 0 done")
        _ = try await bench.run(job)
        #expect(throws: (any Error).self) { try bench.result("late") }
        _ = consume second
        _ = consume first
    }

    @Test(
        "a job that was replaced while it waited for the lock works as what it is now; one that was removed does nothing",
        arguments: [true, false])
    func replacedScript(isRemoved: Bool) async throws {
        let bench = try JobBench()
        let held = try await HostLock.acquire(at: bench.lock, command: "deploy", now: Timestamp(milliseconds: 0))
        let flag = "\(bench.root)/waits"
        let begin = "job_begin late 60\ntouch \(flag)\ntake_lock 50\n"
        let job = try bench.job("late", begin + "finish 0 old")
        async let running = bench.run(job)
        for _ in 0..<600 where access(flag, F_OK) != 0 { try await Task.sleep(for: .milliseconds(50)) }
        try #require(access(flag, F_OK) == 0)
        if isRemoved {
            try #require(unlink(job) == 0)
        } else {
            // As a deployment does: under another name first.
            try #require(rename(bench.job("new", begin + "finish 0 new"), job) == 0)
        }
        _ = consume held
        #expect(try await running.status == 0)
        if isRemoved {
            #expect(throws: (any Error).self) { try bench.result("late") }
        } else {
            #expect(try bench.result("late")["summary"] == "new")
            #expect(try bench.log("late").contains("was replaced by a deployment meanwhile and begins again"))
        }
        _ = try await HostLock.acquire(at: bench.lock, command: "test", now: Timestamp(milliseconds: 0))
    }

    @Test("a log of a mebibyte becomes an old one; three old ones are kept")
    func rotation() async throws {
        let bench = try JobBench()
        let job = try bench.job("chatty", "job_begin chatty 20\nfinish 0 \"run $(date +%N)\"")
        for number in 1...5 {
            try bench.fixture.scratch.write(String(repeating: "\(number)", count: 1 << 20), to: "log/chatty.log")
            try await bench.run(job)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(bench.root)/log").sorted()
        #expect(names == ["chatty.log", "chatty.log.1", "chatty.log.2", "chatty.log.3"])
        #expect(try content("\(bench.root)/log/chatty.log.1").hasPrefix("555"))
        #expect(try content("\(bench.root)/log/chatty.log.3").hasPrefix("333"))
    }
}
