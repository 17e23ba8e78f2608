import Files
import Foundation
import HostSupport
import Model
import Processes
import TestSupport
import Testing

@testable import Jobs

@Suite("The health-check job keeps out of the way and remembers (S4)", .enabled(if: PodmanSandbox.unavailable == nil))
struct HealthJobMemoryTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    @Test("while somebody holds the lock of the host, or the stack is paused, nothing is touched")
    func outOfTheWay() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = ["web": .checked(.tcp(port: 1))]
            try await bench.start("web", in: sandbox)
            let began = try await bench.startedAt("web", in: sandbox)
            let job = MaintenancePlan.HealthCheck(schedule: "* * * * *", restartAfter: 1)
            let lock = try await HostLock.acquire(at: bench.jobs.lock, command: "fairlead run", now: now)
            #expect(try await bench.run(job).status == 0)
            #expect(throws: (any Error).self) { try bench.summary() }
            _ = consume lock
            try bench.jobs.fixture.scratch.write("the host is being updated\n", to: "state/jobs/paused")
            #expect(try await bench.run(job).status == 0)
            #expect(try bench.summary() == "paused: the host is being updated")
            #expect(try bench.jobs.log("health-check").isEmpty)
            #expect(try bench.events().isEmpty && bench.mails().isEmpty)
            #expect(access("\(bench.jobs.state)/jobs/health", F_OK) != 0)
            #expect(try await bench.startedAt("web", in: sandbox) == began)
        }
    }

    @Test("a damaged memory is forgotten, and stops neither check nor restart")
    func damaged() async throws {
        let numbers = "failures=99999999999999999999\nattempts=-1\nsince=x\nrestarts=08\n"
        let texts = [
            "", "\0\0\0\0", numbers + "kind=`id`\nincident=../../x\n",
            "failures\n=\n==\nunknown=1\nfailures=$(id)\n[0]=1\n", "incident=00000000-0000-0000-0000-000000000000\n",
        ]
        try await HealthJobBench.with { bench, sandbox in
            try await bench.start("web", in: sandbox)
            for text in texts {
                var bench = try HealthJobBench(stack: bench.stack, environment: bench.environment)
                bench.plan.containers = ["web": .checked(.tcp(port: 1))]
                try bench.jobs.fixture.scratch.write(text, to: "state/jobs/health/web/state")
                for _ in 1...2 { #expect(try await bench.run().status == 0) }
                let first = text.hasPrefix("incident=0") ? "web reminded" : "web opened"
                #expect(try bench.events() == [first, "web restarted"], "\(text)")
                #expect(try bench.spool().allSatisfy { Int($0["Since"] ?? "") != nil && $0["Kind"] == "readiness" })
                #expect(try bench.jobs.log("health-check").split(separator: "\n").count == 2, "no complaint of Bash")
            }
        }
    }

    @Test("of a container that is well and of which nothing is remembered, the journal hears once that nothing is open")
    func forgotten() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = ["web": .checked(.notSick, restart: false)]
            try await bench.start("web", in: sandbox)
            for _ in 1...2 { try await bench.run() }
            #expect(try bench.disclaimed() == ["_engine", "web"], "it knows nothing of before")
            for damage in ["", "failures=0\nincident=\nknown=yes\n"] {
                try await bench.shell("web", "touch /tmp/sick", in: sandbox)
                try await bench.run()
                let count = try bench.disclaimed().count
                try bench.jobs.fixture.scratch.write(damage, to: "state/jobs/health/web/state")
                try await bench.shell("web", "rm /tmp/sick", in: sandbox)
                for _ in 1...2 { try await bench.run() }
                #expect(try bench.disclaimed().dropFirst(count) == ["web"])
            }
            #expect(try bench.events() == ["web opened", "web opened"])
            #expect(try bench.mails().count == 2, "the journal's mail is the only other one")
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(bench.jobs.state)/jobs/incidents")
            let spooled = try await IncidentSpool(stateDirectory: bench.jobs.state).content()
            #expect(spooled.damaged.isEmpty && spooled.incidents.count == files.count && files.count == 6)
        }
    }

    @Test(
        "restarts that cured it for an hour count no more, and it is looked after again, though its incident is held open"
    )
    func cured() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = ["web": .checked(.notSick)]
            let job = MaintenancePlan.HealthCheck(schedule: "*/5 * * * *", restartAfter: 1, restartLimit: 1)
            let known = "restarts=0\nattempts=1\ngaveup=yes\nkind=readiness\nsince=1790000000\nhold=86400\nknown=yes\n"
            let incident =
                "incident=11111111-2222-3333-4444-555555555555\nmailed=\(Int(Date().timeIntervalSince1970))\n"
            let marker = "\(bench.memory(of: "web"))/gave-up"
            try await bench.start("web", in: sandbox)
            try bench.jobs.fixture.scratch.write(known + incident, to: "state/jobs/health/web/state")
            try bench.jobs.fixture.scratch.write("it was restarted\n", to: "state/jobs/health/web/gave-up")
            try await bench.run(job)
            try bench.backdate("well", of: "web", by: 1800)
            try await bench.run(job)
            #expect(access(marker, F_OK) == 0, "half an hour is not enough")
            #expect(try content("\(bench.memory(of: "web"))/state").contains("attempts=1\n"))
            try bench.backdate("well", of: "web", by: 1900)
            try await bench.run(job)
            #expect(access(marker, F_OK) != 0)
            #expect(try bench.events().isEmpty, "the incident waits for its hold")
            try await bench.shell("web", "touch /tmp/sick", in: sandbox)
            try await bench.run(job)
            #expect(try bench.events() == ["web restarted"])
            #expect(try bench.spool().last?["Action"] == "restarted it (1 of at most 1 times)")
            try await bench.run(job)
            #expect(try bench.events() == ["web restarted", "web gave-up"])
        }
    }

    @Test("a deployment closes what is open and lets everything count from zero")
    func reset() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = ["web": .checked(.tcp(port: 1)), "well": .checked(.page)]
            for name in ["web", "well"] { try await bench.start(name, in: sandbox) }
            let job = MaintenancePlan.HealthCheck(schedule: "* * * * *", restartAfter: 1, restartLimit: 1)
            for _ in 1...2 { try await bench.run(job) }
            let origin = try JobScript.Origin.test()
            let host = HealthMemory.Origin(bench.plan, commit: origin.commit, deployment: 8)
            let memory = HealthMemory(stateDirectory: bench.jobs.state)
            #expect(FileManager.default.fileExists(atPath: "\(bench.memory(of: "web"))/gave-up"))
            let later = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
            func reset(_ reason: String, checked: Set<String> = []) async throws -> [String] {
                var told: [String] = []
                try await memory.reset(because: reason, for: host, checked: checked, now: later) { told += $0 }
                return told
            }
            #expect(try await reset("a deployment replaced it") == ["web"])
            #expect(try bench.events() == ["web opened", "web restarted", "web gave-up", "web closed"])
            let closed = try #require(try bench.spool().last)
            #expect(try closed["Incident"] == bench.spool().first?["Incident"])
            #expect(closed["Since"] == (try bench.spool().first?["Since"]) && closed["Deployment"] == "8")
            #expect(closed["Reason"] == "a deployment replaced it" && closed["Kind"] == "readiness")
            #expect(access(bench.memory(of: "web"), F_OK) != 0)
            #expect(try await reset("again").isEmpty)
            try await bench.run(job)
            #expect(try bench.events().suffix(2) == ["web opened", "web restarted"])
            // Those that go on being checked are known to have nothing open; nobody has to be told.
            let disclaimed = try bench.disclaimed()
            #expect(try await reset("again", checked: ["web", "well", "_engine"]) == ["web"])
            #expect(try content("\(bench.memory(of: "web"))/state") == "known=yes\n")
            try await bench.run(job)
            #expect(try bench.events().suffix(2) == ["web opened", "web restarted"])
            #expect(try bench.disclaimed() == disclaimed && disclaimed.contains("well"))
        }
    }

    @Test(
        "when the stack is removed, what was open is closed for that reason, with one mail, and nothing is remembered")
    func removed() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = [
                "web": .checked(.tcp(port: 1)), "api": .checked(.tcp(port: 1)), "well": .checked(.page),
            ]
            for name in ["web", "api", "well"] { try await bench.start(name, in: sandbox) }
            try await bench.run(.init(schedule: "* * * * *", restartAfter: 1, restartLimit: 0))
            #expect(try bench.events().filter { $0.hasSuffix("gave-up") }.count == 2)

            let fixture = bench.jobs.fixture
            bench.plan.mail = MailPlan(
                from: "vsn@acme.example", to: ["ops@acme.example"], smtp: "smtp+plain://localhost:1")
            try MailSetup(fixture.configuration).install(bench.plan, secrets: Secrets())
            let commit = try JobScript.Origin.test().commit
            for _ in 1...2 { try await fixture.jobs.removeJobs(of: bench.plan, commit: commit, deployment: 8) }
            let closed = try bench.spool().filter { $0["Event"] == "closed" }
            #expect(closed.map { $0["Subject"] } == ["api", "web"])
            #expect(closed.allSatisfy { $0["Reason"] == "the stack was removed" && $0["Deployment"] == "8" })
            #expect(closed.allSatisfy { $0["Stack"] == bench.stack && $0["Commit"] == commit.hex })
            let mails = try MailQueue(stateDirectory: bench.jobs.state).content().waiting
            #expect(mails.map(\.subject) == ["[\(bench.stack)@vsn1] api, web: the stack was removed"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(bench.jobs.state)/jobs/health").isEmpty)
        }
    }

    @Test("a plan without a health check closes what the one before had open, since nobody would find it well again")
    func noLongerChecked() async throws {
        let fixture = try JobFixture()
        let incident = "incident=11111111-2222-3333-4444-555555555555\nkind=readiness\nsince=1800000000\n"
        try fixture.scratch.write(incident, to: "state/jobs/health/web/state")
        let origin = try JobScript.Origin.test()
        try await HealthReset(fixture.configuration).replace(
            [], of: plan(["web": container()]), commit: origin.commit, deployment: 8)
        let events = try await IncidentSpool(stateDirectory: fixture.configuration.stateDirectory).content().incidents
        #expect(events.map(\.event.event) == [.closed])
        #expect(events.first?.event.details.reason == "the plan has no health check any more")
        #expect(access("\(fixture.configuration.stateDirectory)/jobs/health/web", F_OK) != 0)
    }

    @Test("the mail about a container that is gone is queued before it is forgotten, so that a failure loses none")
    func toldFirst() async throws {
        let (fixture, plan) = try failing("web")
        let commit = try JobScript.Origin.test().commit
        let state = fixture.configuration.stateDirectory
        let queue = "\(state)/mail/queue"
        try? FileManager.default.removeItem(atPath: queue)
        try Data().write(to: URL(filePath: queue))
        await #expect(throws: HostError.self) {
            try await fixture.jobs.removeJobs(of: plan, commit: commit, deployment: 8)
        }
        try FileManager.default.removeItem(atPath: queue)
        try await fixture.jobs.removeJobs(of: plan, commit: commit, deployment: 8)
        #expect(
            try MailQueue(stateDirectory: state).content().waiting.map(\.subject) == [
                "[acme@vsn1] web: the stack was removed"
            ])
        #expect(access("\(state)/jobs/health/web", F_OK) != 0)
    }

    @Test("a deployment leaves the incident of the engine to the job; with the stack it goes")
    func engineStays() async throws {
        var (fixture, plan) = try failing("_engine")
        plan.maintenance = MaintenancePlan(healthcheck: .init(schedule: "* * * * *"))
        let commit = try JobScript.Origin.test().commit
        let state = fixture.configuration.stateDirectory
        let memory = "\(state)/jobs/health/_engine/state"
        let before = try content(memory)
        try await HealthReset(fixture.configuration).replace(["web"], of: plan, commit: commit, deployment: 8)
        #expect(try content(memory) == before)
        #expect(try MailQueue(stateDirectory: state).content().waiting.isEmpty)
        #expect(try await IncidentSpool(stateDirectory: state).content().incidents.isEmpty)
        try await fixture.jobs.removeJobs(of: plan, commit: commit, deployment: 8)
        #expect(try await IncidentSpool(stateDirectory: state).content().incidents.map(\.event.subject) == ["_engine"])
    }

    /// A host whose health check has an incident of `subject` open, and a plan with mail.
    private func failing(_ subject: String) throws -> (JobFixture, ResolvedPlan) {
        let fixture = try JobFixture()
        let incident = "incident=11111111-2222-3333-4444-555555555555\nkind=liveness\nsince=1790000000\nknown=yes\n"
        try fixture.scratch.write(incident, to: "state/jobs/health/\(subject)/state")
        var plan = plan(["web": container()])
        plan.mail = MailPlan(from: "vsn@acme.example", to: ["ops@acme.example"], smtp: "smtp+plain://localhost:1")
        try MailSetup(fixture.configuration).install(plan, secrets: Secrets())
        return (fixture, plan)
    }

    @Test("the script is clean in the eyes of shellcheck, whatever the plan holds")
    func shellcheck() async throws {
        var bench = try HealthJobBench(stack: "acme", environment: ["A": "'$(id)'"])
        bench.plan.containers = [
            "web-main": .checked(.command(["sh"] + hostileTexts), liveness: .page),
            "database": .checked(.page, dependsOn: ["web-main"]), "worker": .checked(nil),
        ]
        try await tool("shellcheck", try bench.script())
        #expect(try content(try bench.script()).contains("declare -ra CONTAINERS=(web-main worker database)"))
    }
}
