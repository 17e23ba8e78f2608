import Foundation
import HostSupport
import Model
import Processes
import TestSupport
import Testing

@testable import Jobs

@Suite(
    "The health-check job restarts containers, within bounds (C2, C3)", .enabled(if: PodmanSandbox.unavailable == nil))
struct HealthJobRestartTests {
    private let every = "*/5 * * * *"

    @Test("'restart: false' makes a failing health check an alert only; a failing liveness check restarts all the same")
    func alertOnly() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = [
                "shy": .checked(.tcp(port: 1), restart: false),
                "dead": .checked(.page, liveness: .tcp(port: 1), restart: false),
            ]
            for name in ["shy", "dead"] { try await bench.start(name, in: sandbox) }
            let began = try await bench.startedAt("shy", in: sandbox)
            for _ in 1...4 { try await bench.run(.init(schedule: every, restartAfter: 2)) }
            #expect(try await bench.startedAt("shy", in: sandbox) == began)
            #expect(try bench.events().filter { $0.hasPrefix("shy") } == ["shy opened"])
            #expect(try bench.events().filter { $0 == "dead restarted" }.count == 2)
            #expect(try bench.mails().contains { $0.contains("nothing: the plan has 'restart: false' for it") })
        }
    }

    @Test("what the plan wants restarted with a container is restarted with it, and no other that depends on it")
    func along() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            var proxy = ContainerPlan.checked(.tcp(port: 8080))
            proxy.dependsOn = ["app"]
            bench.plan.containers = ["app": .checked(.tcp(port: 1)), "other": proxy]
            proxy.restartWith = ["app"]
            bench.plan.containers["proxy"] = proxy
            var began: [String: String] = [:]
            for name in ["app", "other", "proxy"] {
                try await bench.start(name, in: sandbox)
                began[name] = "\(try await bench.startedAt(name, in: sandbox))"
            }
            try await bench.run(.init(schedule: every, restartAfter: 1))
            for (name, isRestarted) in ["app": true, "proxy": true, "other": false] {
                let now = "\(try await bench.startedAt(name, in: sandbox))"
                #expect((now != began[name]) == isRestarted, "\(name)")
            }
            #expect(try bench.mails().contains { $0.contains("and proxy with it") })
        }
    }

    @Test("S7: a container is not restarted on another data directory than it runs on, such as a bare mount point")
    func otherData() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            let directory = "\(bench.dataDirectory)/files"
            let manager = FileManager.default
            try manager.createDirectory(atPath: directory, withIntermediateDirectories: true)
            var web = ContainerPlan.checked(.tcp(port: 1))
            web.volumes = [VolumePlan(source: .data("files"), target: "/files")]
            bench.plan.containers = ["web": web]
            try await bench.start("web", mounting: ["\(directory):/files"], in: sandbox)
            let began = try await bench.startedAt("web", in: sandbox)
            try manager.moveItem(atPath: directory, toPath: "\(directory).away")
            for isThere in [false, true] {
                if isThere { try manager.createDirectory(atPath: directory, withIntermediateDirectories: true) }
                try await bench.run(.init(schedule: every, restartAfter: 1))
                #expect(try await bench.startedAt("web", in: sandbox) == began)
            }
            #expect(try bench.mails().contains { $0.contains("on another data directory than it runs on") })
            try manager.removeItem(atPath: directory)
            try manager.moveItem(atPath: "\(directory).away", toPath: directory)
            try await bench.run(.init(schedule: every, restartAfter: 1))
            #expect(try await bench.startedAt("web", in: sandbox) != began)
        }
    }

    @Test("failures in the start period do not count; a success in it does")
    func startPeriod() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            let plans = { (period: Int64) -> [String: ContainerPlan] in
                ["web": .checked(.notSick, startPeriod: .seconds(period))]
            }
            bench.plan.containers = plans(3600)
            try await bench.start("web", in: sandbox)
            try await bench.shell("web", "touch /tmp/sick", in: sandbox)
            for _ in 1...3 { try await bench.run(.init(schedule: every, restartAfter: 1)) }
            #expect(try bench.summary() == "0 of 1 healthy; web is starting")
            #expect(try bench.events().isEmpty)
            bench.plan.containers = plans(0)
            try await bench.run()
            #expect(try bench.events() == ["web opened"])
            bench.plan.containers = plans(3600)
            try await bench.run()
            #expect(try bench.events() == ["web opened"], "starting is not recovered")
            try await bench.shell("web", "rm /tmp/sick", in: sandbox)
            for _ in 1...2 { try await bench.run() }
            #expect(try bench.events() == ["web opened", "web closed"])
        }
    }

    @Test("what waits for a failing container is left alone and named in its mail; it gets its start period afterwards")
    func dependencies() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = [
                "database": .checked(.notSick),
                "api": .checked(.notSick, startPeriod: .seconds(3600), dependsOn: ["database"]),
                "web": .checked(.notSick, dependsOn: ["api"]),
            ]
            for name in ["database", "api", "web"] { try await bench.start(name, in: sandbox) }
            // Healthy before the start period's end is over: only a restart of the database renews it.
            try await bench.run()
            for name in ["database", "api", "web"] { try await bench.shell(name, "touch /tmp/sick", in: sandbox) }
            let began = [try await bench.startedAt("api", in: sandbox), try await bench.startedAt("web", in: sandbox)]
            for _ in 1...3 { try await bench.run() }
            #expect(try bench.events() == ["database opened", "database restarted"])
            let mail = try #require(try bench.mails().first)
            #expect(mail.contains("So fails:  api (exit status 1), web (exit status 1)"))
            #expect(
                try bench.summary()
                    == "0 of 3 healthy; database fails: exit status 1; api waits for what it depends on; "
                    + "web waits for what it depends on")

            try await bench.shell("database", "rm /tmp/sick", in: sandbox)
            for _ in 1...3 { try await bench.run() }
            #expect(try bench.events() == ["database opened", "database restarted", "database closed"])
            #expect(try bench.summary().contains("api is starting; web waits for what it depends on"))
            #expect(
                try await [bench.startedAt("api", in: sandbox), bench.startedAt("web", in: sandbox)] == began)

            try await bench.shell("api", "rm /tmp/sick", in: sandbox)
            for _ in 1...2 { try await bench.run() }
            #expect(try bench.events().suffix(2) == ["web opened", "web restarted"])
        }
    }

    @Test(
        "a container that was stopped by hand is started again; one that is missing or not Fairlead's is only told of")
    func goneContainers() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = [
                "stopped": .checked(nil), "gone": .checked(.page), "taken": .checked(.page),
            ]
            try await bench.start("stopped", in: sandbox)
            try await sandbox.podman("stop", "\(bench.stack)-stopped")
            try await sandbox.podman("create", "--name", "\(bench.stack)-taken", "web:1")
            for _ in 1...4 { try await bench.run(.init(schedule: every, restartAfter: 2, restartLimit: 1)) }
            #expect(try await bench.state("stopped", "{{.State.Status}}", in: sandbox) == "running")
            #expect(try await bench.state("taken", "{{.State.Status}}", in: sandbox) == "created")
            #expect(
                try bench.events().sorted() == [
                    "gone opened", "stopped closed", "stopped opened", "stopped restarted", "taken opened",
                ])
            let texts = try bench.spool().filter { $0["Subject"] != "stopped" }.map { $0["Text"] }
            #expect(texts == ["", ""], "another's log, or the engine's complaint")
            let reasons = try bench.subjects()
            #expect(reasons.contains("gone DOWN: the container is missing: somebody removed it"))
            #expect(reasons.contains { $0.hasPrefix("taken DOWN: its name '\(bench.stack)-taken' is taken by") })
        }
    }

    @Test("after the last restart without a recovery a container is left alone, until it recovers")
    func givenUp() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = ["web": .checked(.notSick)]
            try await bench.start("web", in: sandbox)
            try await bench.shell("web", "touch /tmp/sick", in: sandbox)
            let job = MaintenancePlan.HealthCheck(schedule: every, restartAfter: 1, restartLimit: 2)
            for _ in 1...3 { try await bench.run(job) }
            #expect(try bench.events() == ["web opened", "web restarted", "web restarted", "web gave-up"])
            let began = try await bench.startedAt("web", in: sandbox)
            let marker = "\(bench.memory(of: "web"))/gave-up"
            #expect(try content(marker).hasPrefix("it was restarted 2 times without a recovery"))
            for _ in 1...2 { try await bench.run(job) }
            #expect(try bench.events().count == 4)
            #expect(try await bench.startedAt("web", in: sandbox) == began)
            #expect(try await bench.state("web", "{{.State.Status}}", in: sandbox) == "running")
            // As `fairlead retry` does.
            try FileManager.default.removeItem(atPath: marker)
            for _ in 1...4 { try await bench.run(job) }
            #expect(try bench.events().suffix(3) == ["web restarted", "web restarted", "web gave-up"])
            #expect(try bench.events().count == 7)

            try await bench.shell("web", "rm /tmp/sick", in: sandbox)
            try await bench.run(job)
            #expect(access(marker, F_OK) == 0, "not before it has held")
            try await bench.run(job)
            #expect(try bench.events().last == "web closed")
            #expect(access(marker, F_OK) != 0)
        }
    }

    @Test("a container that crashes in a loop is stopped, and stays stopped")
    func crashLoop() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = ["web": .checked(nil)]
            try await bench.start("web", "/bin/sh", "-c", "sleep 0.1; exit 3", in: sandbox)
            let job = MaintenancePlan.HealthCheck(schedule: every, restartAfter: 2, restartLimit: 5)
            for run in 1...12 {
                try await bench.run(job)
                if try bench.events().contains("web gave-up") { break }
                #expect(run < 12)
                // On a loaded machine the next crash may be long in coming, and a check in between finds it well.
                // Podman cannot show one whose process ends meanwhile.
                let count = try? await bench.state("web", "{{.RestartCount}}", in: sandbox)
                for _ in 1...300 {
                    let now = try? await bench.state("web", "{{.RestartCount}}", in: sandbox)
                    if let now, now != count { break }
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
            let events = try bench.events()
            #expect(events == ["web opened", "web gave-up"], "its own restarts are none of the job's")
            #expect(try bench.spool().last?["Kind"] == "crash-loop")
            #expect(try bench.spool().last?["Action"]?.hasPrefix("stopped it: it was restarted ") == true)
            let restarts = try await bench.state("web", "{{.RestartCount}}", in: sandbox)
            for _ in 1...3 { try await bench.run(job) }
            try await Task.sleep(for: .seconds(2))
            #expect(try bench.events().count == 2)
            let state = try await bench.state("web", "{{.State.Status}} {{.RestartCount}}", in: sandbox)
            #expect(state == "exited \(restarts)")
            #expect(FileManager.default.fileExists(atPath: "\(bench.memory(of: "web"))/gave-up"))
        }
    }

    @Test("one crash that the engine mended is told of, and closed when the next checks find it well")
    func oneCrash() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = ["web": .checked(.page)]
            try await bench.start("web", in: sandbox)
            try await bench.run()
            // Not by the engine, which would take it for the operator's wish.
            let process = try #require(Int32(try await bench.state("web", "{{.State.Pid}}", in: sandbox)))
            try #require(process > 1 && kill(process, SIGKILL) == 0)
            for _ in 0..<100 where try await bench.state("web", "{{.RestartCount}}", in: sandbox) != "1" {
                try await Task.sleep(for: .milliseconds(50))
            }
            for _ in 1...3 { try await bench.run(.init(schedule: every, restartAfter: 1)) }
            #expect(try bench.events() == ["web opened", "web closed"])
            #expect(try bench.subjects().first == "web DOWN: ended 1 time since the last check")
        }
    }
}
