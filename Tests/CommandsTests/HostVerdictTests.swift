import Backup
import Deploying
import Files
import HostSystem
import Jobs
import Journal
import Model
import Reconciling
import TestSupport
import Testing

@testable import Commands

@Suite("How a host stands in one word, for monitoring")
struct HostVerdictTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let rule: String
        let word: HostVerdict.Word
        let reason: String
        let change: @Sendable (inout StatusReport) -> Void

        init(
            _ rule: String, _ word: HostVerdict.Word, _ reason: String = "",
            change: @escaping @Sendable (inout StatusReport) -> Void
        ) {
            self.rule = rule
            self.word = word
            self.reason = reason
            self.change = change
        }

        var testDescription: String { rule }
    }

    private static let time = ReportTime(Timestamp(milliseconds: 1_795_000_000_000))

    private static let whole: StatusReport = {
        var report = StatusReport(host: "vsn1", state: .deployed, failures: [], incidents: [])
        report.poll = StatusReport.Poll(reached: time, servedBy: "git", next: time)
        report.containers = [
            StatusReport.Container(
                name: "web", state: "running", health: StatusReport.Health(state: .healthy, checked: time))
        ]
        report.backup = StatusReport.Backup(BackupPlan(recipients: [], targets: [:]), BackupState(), drill: nil)
        return report
    }()

    private static func failure(next: ReportTime?) -> StatusReport.Failure {
        StatusReport.Failure(commit: "abcdef0123456", message: "m", attempts: 1, lastAttempt: time, nextAttempt: next)
    }

    /// A first deployment that failed.
    private static var outage: Outage? {
        let failed = DeploymentRecord(
            id: 1, commit: nil, version: "1", planDigest: "", trigger: .commit, started: time.moment,
            outcome: .containerless, error: "it broke")
        return Outage([failed], stack: "acme", commits: [:])
    }

    private static func suspended(_ kind: Suspension.Kind) -> StatusReport.Suspended {
        StatusReport.Suspended(kind: kind, reason: "audit", since: time)
    }

    private static func running(cutOff: Bool) -> StatusReport.Running {
        StatusReport.Running(deployment: 7, started: time, cutOff: cutOff)
    }

    private static let wrong = [
        Case("a container that does not run", .notWhole, "container web is exited") {
            $0.containers?[0].state = "exited"
        },
        Case("a container that fails its health check", .notWhole, "container web fails: 503") {
            $0.containers?[0].health = StatusReport.Health(state: .failing, checked: time, reason: "503")
        },
        Case("an open incident", .notWhole, "incident backup of backup") {
            $0.incidents = [
                StatusReport.Incident(incident: "1", kind: .backup, subject: "backup", since: time, reason: "r")
            ]
        },
        Case("a plan that is not tried again", .notWhole, "commit abcdef0123 failed") {
            $0.failures = [failure(next: nil)]
        },
        Case("a repair that is not tried again", .notWhole, "the repair of web failed") {
            var repair = failure(next: nil)
            repair.work = "the repair of web"
            $0.failures = [repair]
        },
        Case("drift", .notWhole, "web: is missing") {
            $0.drift = [StatusReport.Drift(subject: "web", kind: .missing, text: "is missing")]
        },
        Case("what a failed deployment took down, in maintenance too", .notWhole, "down since") {
            $0.state = .containerless
            $0.suspended = suspended(.maintenance)
            $0.outage = outage
        },
        Case("a maintenance whose end failed", .notWhole, "the end of maintenance failed: no image") {
            $0.suspended = suspended(.maintenance)
            $0.suspended?.failure = "no image"
            $0.containers?[0].state = "missing"
        },
        Case("nothing deployed", .notWhole, "nothing is deployed") { $0.state = .containerless },
        Case("a deployment that was cut off", .notWhole, "deployment #7 was cut off") {
            $0.running = running(cutOff: true)
        },
        Case("another machine's data", .notWhole, "held back: audit") { $0.suspended = suspended(.foreign) },
        Case("a backup that could not be made", .notWhole, "no backup could be made") { $0.backup?.error = "e" },
        Case("data that is not in the newest backup", .notWhole, "backup: 'db' is not complete") {
            $0.backup?.incomplete = ["db": "its dump is empty"]
        },
        Case("data that is much smaller in the newest backup", .notWhole, "backup: 'db' is much smaller") {
            $0.backup?.shrunk = ["db": "1 of 9 files"]
        },
        Case("wrong before unknown before waiting", .notWhole, "nothing is deployed") {
            $0.state = .containerless
            $0.engineError = "silent"
            $0.failures = [failure(next: time)]
        },
    ]

    private static let others = [
        Case("a whole host", .whole) { _ in },
        Case("a silent engine", .unknown, "silent") {
            $0.containers = nil
            $0.engineError = "silent"
        },
        Case("a repo that answers and brings nothing newer", .unknown, "nothing newer comes from the repository since")
        {
            $0.poll?.staleSince = time
        },
        Case("an unreachable repo", .unknown, "repository unreachable since") { $0.poll?.failingSince = time },
        Case("a branch that is older than the host wants it", .unknown, "what is seen of the branch is too old") {
            $0.freshness = StatusReport.Freshness(current: false)
        },
        Case("a repo that was never reached", .unknown, "the repository was never reached") { $0.poll?.reached = nil },
        Case("no daemon", .unknown, "no daemon follows the branch") { $0.poll?.next = nil },
        Case("unknown before waiting", .unknown, "no daemon follows the branch") {
            $0.poll?.next = nil
            $0.running = running(cutOff: false)
        },
        Case("a deployment that runs, whatever its containers do", .waiting, "deployment #7 runs") {
            $0.running = running(cutOff: false)
            $0.containers?[0].state = "missing"
        },
        Case("a failure of a commit that another one replaced", .waiting, "commit 2222222222 is") {
            guard let id = CommitID(String(repeating: "2", count: 40)) else { return }
            var tip = failure(next: time)
            tip.commit = id.hex
            $0.failures = [failure(next: nil), tip]
            $0.tip = StatusReport.Tip(commit: CommitSummary(id: id), seen: time, verdict: .refused)
        },
        Case("a suspension", .waiting, "suspended: audit") { $0.suspended = suspended(.suspended) },
        Case("maintenance, for which the stack is down", .waiting, "maintenance: audit") {
            $0.suspended = suspended(.maintenance)
            $0.containers?[0].state = "missing"
        },
        Case("a stack that moved away", .waiting, "moved: audit") {
            $0.state = .containerless
            $0.suspended = suspended(.moved)
        },
        Case("a failure that is tried again", .waiting, "commit abcdef0123 is tried again") {
            $0.failures = [failure(next: time)]
        },
        Case("what an operator rolled back", .waiting, "commit abcdef0123 was rolled back by an operator") {
            $0.failures = [failure(next: nil)]
            $0.failures[0].takenBack = true
        },
        Case("a container that is starting", .waiting, "container web is not ready") {
            $0.containers?[0].health?.state = .starting
        },
    ]

    @Test("names the worst that is known, and why", arguments: wrong + others)
    func verdict(_ tested: Case) {
        var report = Self.whole
        tested.change(&report)
        let verdict = HostVerdict(of: report)
        #expect(verdict.word == tested.word, "\(verdict)")
        #expect((verdict.reasons.first ?? "").hasPrefix(tested.reason), "\(verdict)")
        #expect(verdict.reasons.isEmpty == tested.reason.isEmpty)
    }

    @Test(
        "the headline says what its colour says: only a whole host is deployed and no more",
        arguments: wrong + others)
    func headline(_ tested: Case) {
        var report = Self.whole
        tested.change(&report)
        let style = TextStyle()
        let standing = report.standing(style)
        let isWhole = HostVerdict(of: report).word == .whole
        #expect((standing.tone == .good) == isWhole, "\(standing)")
        #expect((report.headline(style) == "vsn1: deployed") == isWhole, "\(report.headline(style))")
    }

    @Test("the headline has the first reason, in local time and in one line, and none that it says behind it")
    func reasons() {
        func headline(_ change: (inout StatusReport) -> Void) -> String {
            var report = Self.whole
            change(&report)
            return report.headline(TextStyle(clock: HostClock(now: { Self.time.moment }, offset: { _ in 3600 })))
        }
        #expect(headline { $0.poll?.next = nil } == "vsn1: deployed, but no daemon follows the branch")
        #expect(headline { $0.stateError = "no space" } == "vsn1: deployed, but no space")
        let since = "2026-11-18 12:06"
        #expect(
            headline { $0.poll?.failingSince = Self.time }
                == "vsn1: deployed, but repository unreachable since \(since)")
        #expect(headline { $0.suspended = Self.suspended(.suspended) } == "vsn1: deployed, suspended")
        // What was stopped on purpose is not down.
        func stopped(for kind: Suspension.Kind) -> String {
            headline {
                $0.suspended = Self.suspended(kind)
                $0.containers?[0].state = "exited"
            }
        }
        #expect(stopped(for: .maintenance) == "vsn1: deployed, in maintenance")
        #expect(stopped(for: .moved) == "vsn1: deployed, moved to another host")
        #expect(stopped(for: .suspended) == "vsn1: DOWN: no container runs, suspended")
        #expect(headline { $0.engineError = "a\nb" }.contains("\n") == false)
    }

    @Test(
        "what a clock that was ahead noted is no time at which the repo was reached last, nor a container checked"
    )
    func ahead() {
        let year = Timestamp(milliseconds: Self.time.moment.milliseconds + 365 * 86_400_000)
        func lines(at now: Timestamp) -> String {
            var report = Self.whole
            report.poll?.reached = ReportTime(year)
            report.containers?[0].health?.checked = ReportTime(year)
            return report.lines(TextStyle(clock: HostClock(now: { now }))).joined(separator: "\n")
        }
        let text = lines(at: Self.time.moment)
        #expect(text.contains("git, reached 2027-11-18 11:06 by a clock that was ahead, next poll"), "\(text)")
        #expect(
            text.contains("healthy at 2027-11-18 11:06 by a clock that was ahead") && !text.contains("last reached"))
        #expect(lines(at: year).contains("last reached 2027-11-18 11:06, polled since 2026-"))
    }

    @Test(
        "an incident of what this look at the stack finds well is said to end, not that of what differs or stands still"
    )
    func gone() {
        let ends = "; nothing of it is found now, the daemon ends it with its next look"
        func isSaid(_ subject: String, _ change: (inout StatusReport) -> Void = { _ in }) -> Bool {
            var report = Self.whole
            report.drift = []
            report.incidents = [
                StatusReport.Incident(incident: "1", kind: .drift, subject: subject, since: Self.time, reason: "r")
            ]
            change(&report)
            return report.lines(TextStyle()).contains { $0.contains(" drift since ") && $0.hasSuffix(ends) }
        }
        let web = StatusReport.Drift(subject: "web", kind: .port, text: "port '80:8080' is dead")
        #expect(isSaid("web") && isSaid("stack"))
        #expect(!isSaid("web") { $0.drift = [web] } && !isSaid("stack") { $0.drift = [web] })
        #expect(!isSaid("web") { $0.containers?[0].state = "exited" } && !isSaid("web") { $0.drift = nil })
        #expect(!isSaid("web") { $0.poll?.next = nil })
        // It runs, and does not serve.
        #expect(
            !isSaid("web") {
                var repair = Self.failure(next: nil)
                repair.container = "web"
                $0.failures = [repair]
            })
    }

    @Test("the exit status is 0 whole, 1 unknown, 2 waiting, 3 not whole")
    func statuses() {
        let statuses = HostVerdict.Word.allCases.map { HostVerdict($0, []).status.rawValue }
        #expect(statuses == [0, 1, 2, 3])
    }

    @Test("status exits 0 without --exit-code; with it the first line says it all")
    func command() async throws {
        let host = try CommandFixture()
        let commit = try host.commit("1.0.0", "Install")
        try await host.recordDeployment(of: commit, subject: "Install")
        try await host.journal().recordPoll(servedBy: "git.example.com", error: nil)
        #expect(await host.run("status").status == .success)
        let told = await host.run("status", "--exit-code")
        // There is no engine.
        #expect(told.status == .unknown && told.output.hasPrefix("unknown: "), "\(told.output)")
        let details = IncidentDetails(reason: "r", action: "a", host: "vsn1")
        try await host.journal().openIncident(.drift, subject: "web", cause: "c", details, notifies: false)
        let wrong = await host.run("status", "--exit-code", "--output", "json")
        #expect(wrong.status == .notWhole)
        #expect((wrong.json["verdict"] as? [String: Any])?["word"] as? String == "not whole")
        #expect(await host.run("doctor").status == .failure)
    }

    @Test("next poll, holder of the lock, and health as last checked are shown with their times")
    func sight() async throws {
        let host = try CommandFixture()
        let commit = try host.commit("1.0.0", "Install", changes: CommandFixture.checked)
        let deployment = try await host.recordDeployment(of: commit, subject: "Install")
        try await host.journal().recordPoll(servedBy: "git.example.com", error: nil)
        let now = host.clock.clock.now()
        let runtime = "\(host.scratch.path)/run"
        try PollSchedule(next: Timestamp(milliseconds: now.milliseconds + 60_000)).write(runtimeDirectory: runtime)
        let lock = try await HostLock.acquire(at: "\(runtime)/lock", command: "fairlead backup now", now: now)
        let status = await host.run("status")
        #expect(status.output.contains("next poll 2026-11-21 10:1"), "\(status.output)")
        #expect(status.output.contains("  lock        'fairlead backup now', process "), "\(status.output)")
        _ = consume lock
        #expect(await host.run("status", "--output", "json").json["lock"] == nil)

        let web = ContainerStatus(
            id: "1", name: "acme-web", imageID: "sha256:1", state: .running,
            labels: [FairleadLabel.stack: "acme", FairleadLabel.container: "web"], networks: ["acme"])
        let engine = OneContainer(container: web)
        func health(_ checks: [String: ContainerCheck] = [:]) async throws -> StatusReport.Health? {
            try await StatusReport(
                host: "vsn1", journal: host.journal(), engine: engine, surroundings: engine, ports: engine,
                data: engine,
                checks: checks,
                stateDirectory: "\(host.scratch.path)/state"
            ).containers?.first?.health
        }
        #expect(try await health() == nil)
        try await host.journal().record(.healthy, container: "web", image: nil, of: deployment)
        let gate = try #require(try await health())
        #expect(gate.state == .healthy && gate.checked.moment.milliseconds >= now.milliseconds)
        let earlier = ContainerCheck(verdict: .failing, time: Timestamp(milliseconds: 0), reason: "503")
        #expect(try await health(["web": earlier]) == gate)
        let later = ContainerCheck(
            verdict: .failing, time: Timestamp(milliseconds: gate.checked.moment.milliseconds + 1), reason: "503")
        #expect(try await health(["web": later])?.reason == "503")
    }
}

private struct OneContainer: StackInsight, ContainerSurroundings, PortInsight, NetworkInsight,
    DataInsight
{
    let container: ContainerStatus

    func allContainers() async throws -> [ContainerStatus] { [container] }
    func allNetworks() async throws -> [NetworkStatus] { [NetworkStatus(name: "acme")] }
    func inspect(_ id: String) async throws -> ContainerStatus? { container }
    func life(of container: ContainerStatus) -> ContainerLife? { ContainerLife(age: .seconds(600)) }
    func answers(from ports: Set<PublishedPort>) async -> [PublishedPort: PortAnswer] { [:] }
    func answers(within places: Set<PortPlace>) async -> [PortPlace: PortAnswer] { [:] }
    func answers(byRules rules: Set<PortRule>) async -> [PortRule: PortAnswer] { [:] }
    func fault(of network: NetworkStatus, under containers: Int) async -> NetworkFault? { nil }
    func limits(of container: ContainerStatus) -> ResourcePlan? { nil }
    func containersGivenUp() -> Set<String> { [] }
    func sees(_ data: String, of stack: String, at target: String, in container: ContainerStatus) -> Bool? { nil }
    func changes(of plan: ResolvedPlan) async throws -> [String: DataChange] { [:] }
}
