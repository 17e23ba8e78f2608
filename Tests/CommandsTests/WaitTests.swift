import Journal
import Model
import Synchronization
import TestSupport
import Testing

@testable import Commands

@Suite("Waiting for the deployment of what the branch asks for")
struct WaitTests {
    private static let since = Timestamp(milliseconds: 1_795_256_327_000)
    private static let later = ReportTime(since.adding(.seconds(1)))
    private static let commit = Commit.ada(CommitID(repeating: "6"), "Upgrade")

    /// Asked since then, and at rest.
    private static func report(
        _ verdict: CommitRecord.Verdict?, state: StatusReport.State = .deployed, note: String? = nil
    ) -> StatusReport {
        var report = StatusReport(host: "vsn1", state: state, failures: [], incidents: [])
        let summary = CommitSummary(commit)
        report.tip = verdict.map { .init(commit: summary, seen: later, verdict: $0, note: note) }
        report.poll = .init(reached: later, next: ReportTime(since.adding(.seconds(60))))
        if state == .deployed {
            report.deployed = .init(stack: "acme", version: "1.1.0", commit: summary, deployment: 3, since: later)
        }
        return report
    }

    private static func changed(_ report: StatusReport, _ change: (inout StatusReport) -> Void) -> StatusReport {
        var report = report
        change(&report)
        return report
    }

    @Test("ends with deployed, refused, rolled back or held back, and says in one line what came of the commit")
    func outcomes() {
        let short = CommitID(repeating: "6").short
        func expect(_ report: StatusReport, _ line: String, _ status: Commands.ExitStatus) {
            let found = WaitReport(of: report, since: Self.since)
            #expect(found.lines(TextStyle()) == [line])
            #expect(found.status == status, "\(line)")
        }
        for verdict in [CommitRecord.Verdict.deployed, .nothingToDeploy] {
            expect(Self.report(verdict), "vsn1: acme 1.1.0 is deployed: \(short)  Ada: “Upgrade”", .success)
        }
        let refused = Self.report(.refused, state: .containerless, note: "no such image\nmore")
        expect(refused, "vsn1: refused: commit \(short): no such image", .refused)
        expect(Self.report(.rolledBack), "vsn1: rolled back: commit \(short)", .rolledBack)
        let held = Self.changed(refused) {
            $0.suspended = .init(kind: .maintenance, reason: "new disk", since: Self.later)
        }
        expect(held, "vsn1: held back: maintenance: new disk", .held)
        #expect(WaitReport(of: held, since: Self.since).hint == "'fairlead maintenance end' ends that")
    }

    @Test("a refused commit that is tried again says when; any other one who has to mend it")
    func hints() {
        let refused = Self.report(.refused)
        #expect(WaitReport(of: refused, since: Self.since).hint?.contains("mend it in the customer repo") == true)
        let retried = Self.changed(refused) {
            $0.failures = [
                .init(
                    commit: CommitID(repeating: "6").hex, message: "m", attempts: 1, lastAttempt: Self.later,
                    nextAttempt: Self.later)
            ]
        }
        #expect(WaitReport(of: retried, since: Self.since).hint == "it is tried again at 2026-11-21T10:18:48.000Z")
    }

    @Test("goes on while the verdict may be of an older commit or an attempt before, and says what it waits for")
    func waiting() {
        let settled = Self.report(.deployed)
        let short = CommitID(repeating: "6").short
        let table: [(StatusReport, String)] = [
            (Self.report(.pending), "commit \(short) is pending"),
            (Self.report(nil, state: .containerless), "the daemon has not asked the repo yet"),
            (Self.report(.deployed, state: .containerless), "commit \(short) is deployed"),
            (
                Self.changed(settled) { $0.poll?.reached = ReportTime(Timestamp(milliseconds: 0)) },
                "the daemon has not asked the repo yet"
            ),
            (Self.changed(settled) { $0.poll?.next = Self.later }, "commit \(short) is deployed"),
            (
                Self.changed(settled) {
                    $0.fetch = .init(since: Self.later, phase: "receiving", bytes: 1, text: "receiving 1 byte")
                }, "fetching the repo: receiving 1 byte"
            ),
            (
                Self.changed(Self.report(.refused, state: .deploying)) {
                    $0.running = .init(deployment: 4, step: .create, started: Self.later, cutOff: false)
                }, "deployment #4 runs, step 'create'"
            ),
            (
                Self.changed(Self.report(nil, state: .containerless)) {
                    $0.poll = .init(error: "no route to host", failingSince: Self.later, next: Self.later)
                }, "no route to host"
            ),
        ]
        for (report, reason) in table {
            let found = WaitReport(of: report, since: Self.since)
            #expect(found.outcome == .waiting && found.status == .waiting, "\(reason)")
            #expect(found.reason == reason)
        }
    }

    @Test("looks until something came of it, its time is over, or no daemon came for half a minute")
    func loop() async throws {
        let alone = Self.changed(Self.report(.pending)) { $0.poll?.next = nil }
        func end(_ looks: [StatusReport], every pause: Duration, timeout: Duration) async throws -> (WaitReport, Int) {
            let time = Mutex(Duration.zero)
            let rest = Mutex(looks)
            let count = Mutex(0)
            var wait = DeploymentWait(since: Self.since, timeout: timeout, host: "vsn1") {
                count.withLock { $0 += 1 }
                return rest.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
            }
            wait.elapsed = { time.withLock { $0 } }
            wait.pause = { time.withLock { $0 += pause } }
            return (try await wait.end(), count.withLock { $0 })
        }
        let whole = try await end(
            [alone, Self.report(.pending), Self.report(.deployed)], every: .seconds(1), timeout: .seconds(60))
        #expect(whole.0.outcome == .deployed && whole.1 == 3)
        let late = try await end([Self.report(.pending)], every: .seconds(1), timeout: .seconds(60))
        #expect(late.0.status == .waiting && late.1 == 61)
        let unattended = try await end([alone], every: .seconds(10), timeout: .seconds(3600))
        #expect(unattended.0.status == .failure && unattended.1 == 4)
        #expect(unattended.0.lines(TextStyle()) == ["vsn1: failed: no daemon follows the branch"])
        // One that is restarted, as by an update.
        let restarted = try await end(
            [alone, alone, Self.report(.pending), alone, alone, Self.report(.deployed)], every: .seconds(10),
            timeout: .seconds(3600))
        #expect(restarted.0.outcome == .deployed)
    }

    @Test("the command counts what the daemon found from now on, or since the moment that is named")
    func command() async throws {
        let host = try CommandFixture()
        let early = await host.run("wait", "--timeout", "0s")
        #expect(early.status == .waiting && early.output.hasPrefix("vsn1: waiting: "), "\(early)")
        let commit = try host.commit("1.0.0", "Install")
        try await host.recordDeployment(of: commit, subject: "Install")
        try await host.journal().recordPoll(servedBy: "git.example.com", error: nil)
        let line = "vsn1: acme 1.0.0 is deployed: \(commit.short)  Ada: “Install”\n"
        let now = await host.run("wait", "--timeout", "0s")
        #expect(now.status == .success && now.output == line, "\(now)")
        host.clock.advance(milliseconds: 60_000)
        #expect(await host.run("wait", "--timeout", "0s").status == .waiting)
        for moment in ["2026-11-21T10:18:00Z", "2026-11-21T10:18:00.000Z"] {
            #expect(await host.run("wait", "--timeout", "0s", "--since", moment).output == line)
        }
        let json = await host.run("wait", "--since", "2026-11-21T10:18:00Z", "--output", "json")
        #expect(json.status == .success && json.json["outcome"] as? String == "deployed")
        #expect((json.json["commit"] as? [String: Any])?["id"] as? String == commit.hex)
        #expect(await host.run("suspend", "--reason", "audit").status == .success)
        let held = await host.run("wait")
        #expect(held.status == .held && held.output == "vsn1: held back: suspended: audit\n")
        #expect(held.chatter == "hint: 'fairlead resume' ends that\n")
        for wrong in [["--timeout", "soon"], ["--since", "noon"]] {
            #expect(await host.run(["wait"] + wrong).status == .usage)
        }
    }
}
