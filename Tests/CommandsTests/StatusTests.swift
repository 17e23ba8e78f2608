import Deploying
import Files
import Glibc
import HostSystem
import Jobs
import Journal
import Model
import Planning
import Reconciling
import TestSupport
import Testing

@testable import Commands

@Suite("Status and doctor")
struct StatusTests {
    /// Answers with containers, or not at all.
    private struct Engine: StackInsight, ContainerSurroundings, PortInsight, NetworkInsight, DataInsight {
        var containers: [ContainerStatus]?
        var changedData: [String: DataChange] = [:]
        var networkFault: NetworkFault?

        func allContainers() async throws -> [ContainerStatus] {
            guard let containers else { throw Silent() }
            return containers
        }
        func allNetworks() async throws -> [NetworkStatus] { [NetworkStatus(name: "acme")] }
        func inspect(_ id: String) async throws -> ContainerStatus? { containers?.first { $0.id == id } }
        func life(of container: ContainerStatus) -> ContainerLife? { ContainerLife(age: .seconds(600)) }
        func answers(from ports: Set<PublishedPort>) async -> [PublishedPort: PortAnswer] { [:] }
        func answers(within places: Set<PortPlace>) async -> [PortPlace: PortAnswer] { [:] }
        func answers(byRules rules: Set<PortRule>) async -> [PortRule: PortAnswer] { [:] }
        func fault(of network: NetworkStatus, under containers: Int) async -> NetworkFault? { networkFault }
        func limits(of container: ContainerStatus) -> ResourcePlan? { nil }
        func containersGivenUp() -> Set<String> { [] }
        func sees(_ data: String, of stack: String, at target: String, in container: ContainerStatus) -> Bool? { nil }
        func changes(of plan: ResolvedPlan) async throws -> [String: DataChange] { changedData }
    }

    private struct Silent: Error, CustomStringConvertible { let description = "the engine is silent" }

    private func deployed(
        _ engine: Engine, _ changes: String = "{}", checks: [String: ContainerCheck] = [:], coloured: Bool = false
    ) async throws -> [String] {
        let host = try CommandFixture()
        let commit = try host.commit("1.0.0", "Install", changes: changes)
        try await host.recordDeployment(of: commit, subject: "Install")
        try await host.journal().recordPoll(servedBy: "git.example.com", error: nil)
        let report = try await StatusReport(
            host: "vsn1", journal: host.journal(), engine: engine, surroundings: engine, ports: engine,
            data: engine,
            daemon: PollSchedule(next: host.clock.clock.now()), checks: checks,
            stateDirectory: "\(host.scratch.path)/state")
        return report.lines(TextStyle(coloured: coloured, clock: host.clock.clock)).map {
            $0.replacing(commit.short, with: "COMMIT")
        }
    }

    @Test("doctor calls no host fit that is not whole: what does not run as deployed fails, and doubts are said")
    func fit() async throws {
        var web = ContainerStatus(
            id: "1", name: "acme-web", imageID: "sha256:1", state: .running,
            labels: [FairleadLabel.stack: "acme", FairleadLabel.container: "web"], networks: ["acme"])
        func doctor(_ containers: [ContainerStatus]?) async throws -> (HostCheck.Status, String) {
            let host = try CommandFixture()
            try await host.recordDeployment(of: host.commit("1.0.0", "Install"), subject: "Install")
            try await host.journal().recordPoll(servedBy: "git.example.com", error: nil)
            let engine = Engine(containers: containers)
            let check = VerdictCheck.check(
                try await StatusReport(
                    host: "vsn1", journal: host.journal(), engine: engine, surroundings: engine, ports: engine,
                    data: engine, daemon: PollSchedule(next: host.clock.clock.now()),
                    stateDirectory: "\(host.scratch.path)/state"))
            return (check.status, DoctorReport(checks: [check]).lines(TextStyle()).last ?? "")
        }
        #expect(try await doctor([web]) == (.ok, "this host is fit"))
        #expect(try await doctor(nil) == (.warn, "this host is fit; unknown: the engine is silent"))
        web.state = .exited
        #expect(try await doctor([web]) == (.fail, "1 problem"))
        #expect(try await doctor([]) == (.fail, "1 problem"))
    }

    @Test("a whole stack is shown with its commit, its repo and each container")
    func whole() async throws {
        let web = ContainerStatus(
            id: "1", name: "acme-web", imageID: "sha256:1", state: .running,
            labels: [FairleadLabel.stack: "acme", FairleadLabel.container: "web"], networks: ["acme"])
        let lines = try await deployed(Engine(containers: [web]))
        #expect(
            lines == [
                "vsn1: acme 1.0.0 deployed",
                "  commit      COMMIT  Ada: “Install”",
                "  deployment  #1, 2026-11-21 10:18",
                "  tip         COMMIT  Ada: “Install”, seen 2026-11-21 10:18: deployed",
                "  repository  git.example.com, last reached 2026-11-21 10:18, next poll 2026-11-21 10:18",
                "  containers",
                "    web  running  registry.example.com/acme/web:1.0.0",
            ])
    }

    @Test("what a failed start of the stack made is not healthy by the gate that the container before it passed")
    func failedStart() async throws {
        let host = try CommandFixture()
        let commit = try host.commit("1.0.0", "Install")
        let journal = try host.journal()
        let id = try await host.recordDeployment(of: commit, subject: "Install")
        try await journal.record(.healthy, container: "web", image: nil, of: id)
        let start = try await journal.begin(
            NewDeployment(commit: commit, desired: nil, trigger: .boot, changes: []))
        for phase in [ContainerRecord.Phase.created, .started, .failed] {
            try await journal.record(phase, container: "web", image: nil, of: start)
        }
        try await journal.end(start, DeploymentEnd(outcome: .broken, error: "no", keepsDeployed: true))
        try await journal.remember(
            FailedPlan(
                key: .boot("d"), commit: commit, disposition: .permanent,
                message: "container 'web' did not become healthy", attempts: 1, lastAttempt: host.clock.clock.now(),
                nextAttempt: nil))
        let web = ContainerStatus(
            id: "1", name: "acme-web", imageID: "sha256:1", state: .running,
            labels: [
                FairleadLabel.stack: "acme", FairleadLabel.container: "web", FairleadLabel.deployment: "\(start)",
            ], networks: ["acme"])
        let engine = Engine(containers: [web])
        func health() async throws -> StatusReport.Health? {
            try await StatusReport(
                host: "vsn1", journal: journal, engine: engine, surroundings: engine, ports: engine, data: engine,
                stateDirectory: "\(host.scratch.path)/state"
            ).containers?.first?.health
        }
        let failing = try await health()
        #expect(failing?.state == .failing && failing?.reason == "container 'web' did not become healthy")
        try await journal.recordPasses(of: ["web"])
        #expect(try await health()?.state != .failing)
    }

    @Test("the cron jobs are shown with their last run, what it did, and whether they are overdue")
    func jobs() async throws {
        let host = try CommandFixture()
        _ = try host.journal()
        let now = host.clock.clock.now().milliseconds / 1000
        try host.scratch.write(
            "commit=x\ndeployment=1\ninstalled=\(now - 90_000)\nschedule.cleanup=30 3 * * *\n"
                + "schedule.health-check=*/5 * * * *\nschedule.send-mail=0 0 1 1 *\n", to: "state/jobs/installed")
        try host.scratch.write(
            "started=\(now - 60)\nended=\(now - 50)\nstatus=1\nsummary=freed 0 bytes; not all done: images\n",
            to: "state/jobs/results/cleanup")
        try host.scratch.write(
            "started=\(now - 900)\nended=\(now - 899)\nstatus=0\nsummary=all well\n",
            to: "state/jobs/results/health-check")
        let result = await host.run("status")
        #expect(
            result.output.hasSuffix(
                """
                  jobs
                    cleanup       failed   2026-11-21 10:17  freed 0 bytes; not all done: images
                    health-check  overdue  2026-11-21 10:03  all well
                    send-mail     waiting  not due yet

                """), "\(result.output)")
        let jobs = try #require(await host.run("status", "--output", "json").json["jobs"] as? [[String: Any]])
        #expect(jobs.map { $0["state"] as? String } == ["failed", "overdue", "waiting"])
        #expect(jobs[0]["status"] as? Int == 1 && jobs[0]["schedule"] as? String == "30 3 * * *")
    }

    @Test("the crontab's backups are listed, printed, and asked for by name")
    func crontab() async throws {
        let host = try CommandFixture()
        #expect(await host.run("crontab", "show").output.hasPrefix("no backups"))
        try host.scratch.write("0 1 * * * a\n", to: "state/crontab/2026-11-20T03-30-00Z")
        try host.scratch.write("", to: "state/crontab/2026-11-19T03-30-00Z.absent")
        #expect(
            await host.run("crontab", "show").output == """
                2026-11-20T03-30-00Z         2026-11-20 03:30:00  12 bytes
                2026-11-19T03-30-00Z.absent  2026-11-19 03:30:00  there was no crontab

                """)
        let content = await host.run("crontab", "show", "2026-11-20T03-30-00Z", "--output", "json")
        #expect(content.json["content"] as? String == "0 1 * * * a\n")
        let wrong = await host.run("crontab", "restore", "../config.json")
        #expect(wrong.status == .failure && wrong.chatter.contains("there is no backup '../config.json'"))
    }

    @Test("a stack of which no container runs is DOWN, and a silent engine is told")
    func notWhole() async throws {
        let missing = try await deployed(Engine(containers: []))
        #expect(missing.first == "vsn1: acme 1.0.0 DOWN: no container runs")
        #expect(missing.contains { $0.hasPrefix("    web  missing") })
        #expect(missing.suffix(2) == ["  drift: what runs is not what was deployed", "    web  is missing"])
        let silent = try await deployed(Engine(containers: nil))
        #expect(silent.last?.contains("the engine is silent") == true)
    }

    @Test("nothing is green beside what does not serve as it was deployed, and the headline agrees with the verdict")
    func noGreen() async throws {
        let green = "\u{1B}[32m"
        var web = ContainerStatus(
            id: "1", name: "acme-web", imageID: "sha256:1", state: .running,
            labels: [FairleadLabel.stack: "acme", FairleadLabel.container: "web"], networks: ["acme"])
        let healthy = ["web": ContainerCheck(verdict: .healthy, time: Timestamp(milliseconds: 0))]
        func lines(
            _ containers: [ContainerStatus], _ changes: String = CommandFixture.checked, _ fault: NetworkFault? = nil
        ) async throws -> [String] {
            let engine = Engine(containers: containers, networkFault: fault)
            return try await deployed(engine, changes, checks: healthy, coloured: true)
        }
        let asked =
            #"{"maintenance": {"healthcheck": {"schedule": "* * * * *"}}, \#(CommandFixture.checked.dropFirst())"#
        #expect(try await lines([web], asked).joined().contains("\(green)healthy at "))
        // It may hang since: nobody asks.
        let once = try await lines([web]).joined()
        #expect(once.contains("healthy at ") && once.contains(", not asked since"), "\(once)")
        #expect(!once.contains("\(green)healthy"), "\(once)")
        // It runs: whether it serves nobody asked.
        let unchecked = try await lines([web], "{}").joined()
        #expect(unchecked.contains("not checked") && !unchecked.contains("healthy"), "\(unchecked)")
        let cutOff = try await lines([web], CommandFixture.checked, .down(bridge: "fl-1"))
        #expect(!cutOff.joined().contains(green), "\(cutOff)")
        #expect(cutOff.last?.contains("is not whole: its bridge 'fl-1' is down") == true, "\(cutOff)")
        let missing = try await lines([])
        #expect(!missing.joined().contains(green) && missing.joined().contains("was healthy at "))
        web.networks = []
        let detached = try await lines([web])
        #expect(!detached.joined().contains(green), "\(detached)")
        #expect(detached.first?.contains("deployed, but not whole") == true)
    }

    @Test("a deployment that no process works on is called cut off, not running")
    func cutOff() async throws {
        let host = try CommandFixture()
        let commit = try host.commit("1.0.0", "Install")
        let journal = try host.journal()
        let before = host.clock.clock.now()
        host.clock.advance(milliseconds: 1000)
        let id = try await journal.begin(
            NewDeployment(commit: commit, desired: nil, trigger: .commit, changes: []))
        try await journal.stepStarted(.create, of: id)
        let dead = await host.run("status")
        #expect(dead.output.contains("vsn1: a deployment was cut off"))
        #expect(dead.output.contains("  cut off  #1, step 'create'"))
        func status(heldSince since: Timestamp) async throws -> String {
            let path = "\(host.scratch.path)/run/lock"
            let lock = try await HostLock.acquire(at: path, command: "fairlead run", now: since)
            let output = await host.run("status").output
            _ = consume lock
            return output
        }
        let running = try await status(heldSince: before)
        #expect(running.contains("  running  #1, step 'create'"), "\(running)")
        host.clock.advance(milliseconds: 1000)
        let other = try await status(heldSince: host.clock.clock.now())
        #expect(other.contains("  cut off  #1, step 'create'"), "\(other)")
    }

    @Test("a time that has passed is called no next one: what goes on is said in its place")
    func nothingNextIsPast() async throws {
        let now = Timestamp(milliseconds: 1_795_256_300_000)
        let early = ReportTime(Timestamp(milliseconds: now.milliseconds - 90_000))
        let clock = HostClock(now: { now }, offset: { _ in 0 })
        func text(_ change: (inout StatusReport) -> Void) -> String {
            var report = StatusReport(host: "vsn1", state: .deployed, failures: [], incidents: [])
            report.poll = StatusReport.Poll(servedBy: "git", next: early)
            change(&report)
            return report.lines(TextStyle(clock: clock)).joined(separator: "\n")
        }
        let time = TextStyle(clock: clock).time(early.moment)
        #expect(text { _ in }.contains("git, polled since \(time)"))
        let deploying = text { $0.running = StatusReport.Running(deployment: 7, started: early, cutOff: false) }
        #expect(deploying.contains("git, next poll after deployment #7"))
        let failed = text {
            $0.failures = [
                StatusReport.Failure(
                    commit: "abc", message: "m", attempts: 1, lastAttempt: early, nextAttempt: early)
            ]
        }
        #expect(failed.contains("tried once, the next try is due") && !failed.contains("next poll"), "\(failed)")
    }

    @Test("suspension, failures and an unreachable repo stand in the status")
    func obstacles() async throws {
        let host = try CommandFixture()
        let commit = try host.commit("1.0.0", "Install")
        let journal = try host.journal()
        try await journal.suspend(Suspension(reason: "audit", since: host.clock.clock.now()))
        try await journal.recordPoll(servedBy: nil, error: "no route to host")
        try await journal.remember(
            FailedPlan(
                key: .plan("x"), commit: commit, disposition: .permanent, message: "it broke", attempts: 2,
                lastAttempt: host.clock.clock.now(), nextAttempt: nil))
        let result = await host.run("status")
        #expect(result.status == .success)
        #expect(result.output.hasPrefix("vsn1: containerless, suspended\n"))
        #expect(result.output.contains("unreachable since 2026-11-21 10:18: no route to host"))
        #expect(result.output.contains("it broke (tried 2 times, not tried again; 'fairlead retry' lifts it)"))
        #expect(result.output.contains("since 2026-11-21 10:18: audit"))
    }

    @Test("doctor says what fails and what to do, and ends with 1")
    func doctor() async throws {
        let host = try CommandFixture(environment: ["FAIRLEAD_INTERVALL": "1s"])
        try host.commit("1.0.0", "Install")
        let result = await host.run("doctor", "--output", "json")
        #expect(result.status == .failure)
        let checks = try #require(result.json["checks"] as? [[String: Any]])
        func status(_ name: String) -> String? {
            checks.first { $0["name"] as? String == name }?["status"] as? String
        }
        #expect(status("configuration") == "ok")
        #expect(status("environment") == "warn")
        #expect(status("engine") == "fail")
        #expect(status("repository") == "ok")
        #expect(status("plan") == "ok")
        #expect(status("secrets") == "ok")
    }

    @Test("doctor says what keeps the committed plan from being deployed on this host (S8)")
    func busyPort() async throws {
        let port = try LoopbackPort.free()
        let listener = try LoopbackPort.listener(port)
        defer { close(listener) }
        let host = try CommandFixture()
        try host.commit(
            "1.0.0", "Install", changes: #"{"containers": {"web": {"ports": ["127.0.0.1:\#(port):80"]}}}"#)
        let checks = try #require(await host.run("doctor", "--output", "json").json["checks"] as? [[String: Any]])
        let found = checks.filter { $0["name"] as? String == "host" && $0["status"] as? String == "fail" }
        #expect(found.contains { ($0["found"] as? String)?.contains(String(port)) == true }, "\(checks)")
    }

    @Test("doctor looks at what it can when the configuration is broken")
    func brokenConfiguration() async throws {
        let host = try CommandFixture(environment: ["FAIRLEAD_INTERVAL": "soon"])
        let result = await host.run("doctor")
        #expect(result.status == .failure)
        #expect(result.output.contains("fail     configuration    1 problem\n"))
        #expect(result.output.contains("-> environment variable 'FAIRLEAD_INTERVAL'"))
        #expect(result.output.hasSuffix("1 problem\n"))
    }

    @Test("a key that others can read is a problem, and the cure is named")
    func openKey() throws {
        let host = try CommandFixture()
        let path = try host.scratch.write("key", to: "key")
        #expect(KeyFile(name: "ssh key", path: path).check.advice == ["chmod 0600 \(path)"])
        #expect(KeyFile(name: "ssh key", path: path + "x").check.status == .fail)
    }
}
