import Files
import Foundation
import HostSupport
import Model
import Processes
import TestSupport
import Testing

@testable import Jobs

@Suite("The health-check job tells of incidents (S4)", .enabled(if: PodmanSandbox.unavailable == nil))
struct HealthJobIncidentTests {
    private let every = "*/5 * * * *"

    /// However long a loaded machine took.
    private func withoutSpan(_ subject: String) -> String { subject.replacing(/(after) [0-9]+ min$/) { $0.output.1 } }

    @Test("the first failure opens an incident, the second one restarts, repeats are mute, recovery closes")
    func story() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = ["web": .checked(.page)]
            try await bench.start("web", in: sandbox)
            let began = try await bench.startedAt("web", in: sandbox)
            try await bench.run()
            try await bench.shell("web", "mv /www/version /tmp; echo last words", in: sandbox)

            try await bench.run()
            #expect(try bench.events() == ["web opened"])
            #expect(try await bench.startedAt("web", in: sandbox) == began)
            try await bench.run()
            #expect(try bench.events() == ["web opened", "web restarted"])
            #expect(try await bench.startedAt("web", in: sandbox) != began)
            // A monitor that inherited it would keep the lock as long as the container runs.
            _ = try await HostLock.acquire(at: bench.jobs.lock, command: "test", now: Timestamp(milliseconds: 0))
            try await bench.run()
            #expect(try bench.events().count == 2)
            #expect(try bench.summary() == "0 of 1 healthy; web fails: http 404")

            try await bench.shell("web", "mv /tmp/version /www", in: sandbox)
            try await bench.run()
            try await bench.run()
            #expect(try bench.events() == ["web opened", "web restarted", "web closed"])
            #expect(
                try bench.subjects().map(withoutSpan) == [
                    "web DOWN: http 404", "web RESTARTED: http 404", "web UP: well again after",
                ])
            #expect(FileManager.default.fileExists(atPath: "\(bench.jobs.state)/mail/sending"))
            #expect(try bench.summary() == "1 container healthy")
            #expect(try bench.jobs.log("health-check").split(separator: "\n").count == 5)
        }
    }

    @Test("each event is one record and one mail with what failed, since when, in what, and what was done")
    func content() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = ["web": .checked(.notSick)]
            try await bench.start("web", in: sandbox)
            try await bench.shell("web", "touch /tmp/sick", in: sandbox)
            let before = Int(Date().timeIntervalSince1970)
            try await bench.run(.init(schedule: every, restartAfter: 1))
            let spool = try bench.spool()
            #expect(spool.map { $0["Event"] } == ["opened", "restarted"])
            #expect(Set(spool.map { $0["Incident"] }).count == 1 && spool[0]["Incident"]?.count == 36)
            let header = spool[1]
            let commit = String(repeating: "a1", count: 20)
            #expect(header["Subject"] == "web" && header["Kind"] == "readiness" && header["Stack"] == bench.stack)
            #expect(header["Host"] == "vsn1" && header["Version"] == "3.43.2" && header["Deployment"] == "7")
            #expect(header["Commit"] == commit && header["Reason"] == "exit status 1")
            #expect(header["Action"] == "restarted it (1 of at most 5 times)")
            #expect(try Int(#require(header["Time"])) ?? 0 >= before && header["Since"] == spool[0]["Since"])
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(bench.jobs.state)/jobs/incidents")
                .sorted()
            #expect(names.allSatisfy { $0.wholeMatch(of: /[0-9]{16}-(web-(opened|restarted)|_engine-closed)/) != nil })

            let mail = try #require(try bench.mails().last)
            for part in [
                "exit status 1", "readiness", " UTC (", "restarted it (1 of at most 5 times)",
                "\(bench.stack) 3.43.2 on vsn1", "\(commit) (deployment 7)",
            ] { #expect(mail.contains(part), "the mail lacks '\(part)'") }
            for file in ["\(bench.memory(of: "web"))/state", "\(bench.jobs.state)/jobs/incidents/\(names[0])"] {
                #expect(mode(file) == 0o600)
            }
        }
    }

    @Test("the last lines of the log are in record and mail, bounded and without anything a terminal obeys")
    func logTail() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = ["web": .checked(.tcp(port: 1))]
            let script = #"""
                for n in $(seq 1 30); do echo "line $n"; done
                yes xxxxxxxxxxxxxxxxxxxx | head -c 3000 | tr -d '\n'; echo
                printf 'red \033[31mtext\033[0m bell\007 c1\302\233x bidi\342\200\256y broken\377z\r\n'
                exec sleep 600
                """#
            try await bench.start("web", "/bin/sh", "-c", script, in: sandbox)
            try await bench.run()
            let texts = try [#require(bench.spool().first?["Text"]), #require(bench.mails().first)]
            for text in texts {
                #expect(text.contains("red text bell? c1?x bidi?y brokenz"))
                #expect(text.contains("line 30") && !text.contains("line 12\n"))
                #expect(!text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || $0.value == 0x9B })
            }
            #expect(texts[0].utf8.count <= 4096 + 20)
        }
    }

    @Test("of a container whose log is switched off that is said in place of its last lines")
    func noLog() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = ["web": .checked(.tcp(port: 1))]
            try await bench.start("web", options: ["--log-driver", "none"], in: sandbox)
            try await bench.run()
            let text = try #require(try bench.spool().first?["Text"])
            #expect(text == #"(its log is switched off: "logs": {"driver": "none"} in the plan)"# + "\n")
        }
    }

    @Test("an open incident is reminded of once in each period")
    func reminders() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = ["web": .checked(.tcp(port: 1), restart: false)]
            try await bench.start("web", in: sandbox)
            let hourly = MaintenancePlan.HealthCheck(schedule: every, remindAfter: .seconds(3600))
            for _ in 1...3 { try await bench.run(hourly) }
            #expect(try bench.events() == ["web opened"])
            try bench.backdate("mailed", of: "web", by: 3700)
            for _ in 1...3 { try await bench.run(hourly) }
            #expect(try bench.events() == ["web opened", "web reminded"])
            #expect(try bench.subjects().last == "web STILL DOWN: port 1: Connection refused")
            #expect(try bench.spool()[1]["Incident"] == bench.spool()[0]["Incident"])
        }
    }

    @Test("an engine that hangs keeps no incident from being told of at once, and no container from being treated")
    func hangingEngine() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = [
                "a": .checked(.tcp(port: 1)), "b": .checked(.tcp(port: 1)), "well": .checked(.page),
            ]
            for name in ["a", "b", "well"] { try await bench.start(name, in: sandbox) }
            bench.limits.action = 1
            bench.limits.tail = 1
            let late = "\(bench.jobs.root)/late"
            bench.engine = try bench.jobs.fixture.scratch.install(
                """
                #!/bin/sh
                case $1 in
                restart | stop) [ -e \(bench.jobs.state)/mail/sending ] || touch \(late); exec sleep 311.5 ;;
                logs) exec sleep 311.5 ;;
                esac
                exec podman "$@"
                """, to: "bin/podman")
            #expect(try await bench.run(.init(schedule: every, restartAfter: 1)).status == 0)
            #expect(try bench.events() == ["a opened", "b opened", "a restarted", "b restarted"])
            let words = "tried to restart it, but podman says: did not answer within 2 s"
            #expect(try bench.spool().suffix(2).allSatisfy { $0["Action"] == words })
            #expect(try await tool("pgrep", "-f", "^sleep 311.5$", orStatus: 1).isEmpty)
            #expect(access(late, F_OK) != 0, "the mails were to be on their way")
            #expect(try bench.summary().hasPrefix("1 of 3 healthy; a fails: port 1: "))
        }
    }

    @Test("the job's deadline covers every check and every call of the engine that runs into its own")
    func deadline() async throws {
        let bench = try HealthJobBench(stack: "acme", environment: [:])
        func deadline(_ containers: [String: ContainerPlan]) throws -> Int64 {
            var bench = bench
            bench.plan.containers = containers
            let match = try #require(
                HostSupport.content(bench.script()).firstMatch(of: /JOB_DEADLINE=(?<seconds>[0-9]+)/))
            return try #require(Int64(match.output.seconds))
        }
        var slow = ContainerPlan.checked(.page, liveness: .page, timeout: .seconds(100))
        slow.stopTimeout = .seconds(600)
        let none = try deadline([:])
        #expect(none >= 120, "to ask the engine twice")
        // Both checks; then two stops with 30 s more each, a look for 60 s after each, and the log for two mails.
        #expect(try deadline(["a": slow]) - none >= 2 * 100 + 2 * (600 + 30 + 60) + 2 * 10)
        #expect(try deadline(["a": slow, "b": slow]) - none == 2 * (deadline(["a": slow]) - none))
    }

    @Test("a container that comes and goes is told of once; its recovery when it has held, for longer each time")
    func flapping() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = ["web": .checked(.notSick, restart: false)]
            try await bench.start("web", in: sandbox)
            func run(sick: Bool) async throws {
                try await bench.shell("web", sick ? "touch /tmp/sick" : "rm -f /tmp/sick", in: sandbox)
                try await bench.run()
            }
            for sick in [true, false, true, false, true] { try await run(sick: sick) }
            #expect(try bench.events() == ["web opened"])
            for _ in 1...2 { try await run(sick: false) }
            #expect(try bench.subjects().map(withoutSpan) == ["web DOWN: exit status 1", "web UP: well again after"])

            // Again within a day: the mail says so, and a second run is not enough any more.
            try await run(sick: true)
            #expect(try bench.mails().last?.contains("when it has been so for 1 h 0 min") == true)
            for _ in 1...3 { try await run(sick: false) }
            #expect(try bench.events() == ["web opened", "web closed", "web opened"])
            #expect(try bench.jobs.log("health-check").contains("has to hold for 1 h 0 min"))
            try bench.backdate("well", of: "web", by: 3700)
            try await run(sick: false)
            try await run(sick: true)
            #expect(try bench.events().suffix(3) == ["web opened", "web closed", "web opened"])
            #expect(try bench.mails().last?.contains("when it has been so for 2 h 0 min") == true)

            // After a day without a failure it begins anew.
            for _ in 1...2 { try await run(sick: false) }
            try bench.backdate("well", of: "web", by: 7300)
            try await run(sick: false)
            try bench.backdate("closed", of: "web", by: 90_000)
            try await run(sick: true)
            for _ in 1...2 { try await run(sick: false) }
            #expect(try bench.events().suffix(2) == ["web opened", "web closed"])
            #expect(try bench.events().count == 8)
        }
    }

    @Test(
        "an engine that does not answer is an incident of its own, and no container's",
        arguments: ["exit 125", "[ \"$2\" = inspect ] && exit 125; exec podman \"$@\" 2>/dev/null"])
    func brokenEngine(fault: String) async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = ["web": .checked(.page)]
            try await bench.start("web", in: sandbox)
            try await bench.run()
            var broken = bench
            broken.engine = try bench.jobs.fixture.scratch.install(
                "#!/bin/sh\necho 'cannot open the database' >&2\n\(fault)\n", to: "bin/podman")
            #expect(try await broken.run().status == 1)
            #expect(try bench.events().isEmpty)
            for _ in 1...2 { try await broken.run() }
            #expect(try bench.summary() == "podman does not answer: cannot open the database")
            for _ in 1...2 { try await bench.run() }
            #expect(try bench.events() == ["_engine opened", "_engine closed"])
            #expect(
                try bench.subjects().map(withoutSpan) == [
                    "podman DOWN: does not answer: cannot open the database", "podman UP: well again after",
                ])
            #expect(try bench.summary() == "1 container healthy")
        }
    }
}
