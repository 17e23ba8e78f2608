import Deploying
import HostSystem
import Journal
import Model
import Planning
import TestSupport
import Testing

@testable import Commands

@Suite("What status says of a host on which nothing runs")
struct OutageTests {
    private static func id(_ digit: Character) -> CommitID? { CommitID(String(repeating: digit, count: 40)) }

    private static func record(
        _ number: Int64, _ outcome: DeploymentOutcome?, _ trigger: DeploymentTrigger = .commit, stopped: Int64? = nil,
        steps: [DeploymentStep] = [.validate]
    ) -> DeploymentRecord {
        let start = Timestamp(milliseconds: number * 1000)
        return DeploymentRecord(
            id: number, commit: id(Character(String(number))), version: "1.\(number).0", planDigest: "",
            trigger: trigger,
            started: start, outcome: outcome, error: outcome == .deployed ? nil : "reason \(number)",
            steps: steps.map { StepRecord(step: $0, started: start) },
            containers: stopped.map {
                [ContainerRecord(container: "web", phase: .stopped, time: Timestamp(milliseconds: $0))]
            } ?? [])
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let rule: String
        /// The newest first.
        let records: [DeploymentRecord]
        /// Number of the deployment that failed, second since when, and number of the last good one.
        let expected: [Int64?]?

        var testDescription: String { rule }
    }

    private static let cases = [
        Case(rule: "nothing was ever deployed", records: [], expected: nil),
        Case(
            rule: "an operator took it down", records: [record(2, .tornDown, .teardown), record(1, .deployed)],
            expected: nil),
        Case(
            rule: "since the first container stopped",
            records: [record(2, .containerless, stopped: 2700), record(1, .deployed)],
            expected: [2, 2700, 1]),
        Case(
            rule: "since the first failure, and the newest is told",
            records: [record(3, .containerless), record(2, .containerless, stopped: 2700), record(1, .deployed)],
            expected: [3, 2700, 1]),
        Case(
            rule: "what was refused meanwhile ends and begins nothing",
            records: [
                record(4, .refused), record(3, .containerless, stopped: 3500), record(2, .refused),
                record(1, .deployed),
            ],
            expected: [3, 3500, 1]),
        Case(
            rule: "the first installation failed", records: [record(1, .containerless)], expected: [1, 1000, nil]),
        Case(
            rule: "what a roll back started again counts as serving, with the commit that it came from",
            records: [
                record(3, .containerless, stopped: 3100), record(2, .previous, stopped: 2100), record(1, .deployed),
            ],
            expected: [3, 3100, 1]),
        Case(
            rule: "a repair that fails leaves what runs",
            records: [record(3, .containerless, stopped: 3100), record(2, .broken, .drift), record(1, .deployed)],
            expected: [3, 3100, 1]),
        Case(
            rule: "a newer commit ended one after the first stop, and was refused",
            records: [
                record(3, .refused), record(2, .interrupted, stopped: 2200, steps: [.validate, .tearDown]),
                record(1, .deployed),
            ],
            expected: [2, 2200, 1]),
    ]

    @Test(
        "it is down since the first failure that stopped something; the last good is what served before",
        arguments: cases)
    func since(_ tested: Case) {
        let outage = Outage(tested.records, stack: "acme", commits: [:])
        let found: [Int64?]? = outage.map { [$0.deployment, $0.since.moment.milliseconds, $0.lastGood?.deployment] }
        #expect(found == tested.expected)
    }

    @Test("the way back is a revert where that is one step, and the whole state of before otherwise")
    func ways() throws {
        let (good, middle, tip) = (try #require(Self.id("1")), try #require(Self.id("7")), try #require(Self.id("2")))
        func command(parents: [CommitID], parent verdict: CommitRecord.Verdict? = nil) -> String? {
            var outage = Outage([Self.record(2, .containerless), Self.record(1, .deployed)], stack: nil, commits: [:])
            func commit(_ id: CommitID, _ parents: [CommitID]) -> Commit {
                Commit(id: id, author: "Ada", email: "", time: 0, subject: "s", parents: parents)
            }
            let before = verdict.map {
                CommitRecord(
                    commit: commit(middle, []), seen: Timestamp(milliseconds: 0), servedBy: "", verdict: $0)
            }
            outage?.offer(tip: commit(tip, parents), after: before, copies: [])
            return outage?.ways.first?.command
        }
        let revert = "git revert --no-edit 2222222222 && git push"
        let restore =
            "git restore --source=1111111111 --staged --worktree :/ && git commit -m 'Back to 1111111111' && git push"
        #expect(command(parents: [good]) == revert)
        #expect(command(parents: [middle], parent: .nothingToDeploy) == revert)
        #expect(command(parents: [middle], parent: .refused) == restore)
        #expect(command(parents: [good, middle]) == restore)
    }

    @Test("what a newer commit overtook has no way back but that commit, as long as it is next")
    func overtaken() throws {
        func rows(before later: [DeploymentRecord]) throws -> [String] {
            var newest = Self.record(2, .interrupted, stopped: 2200, steps: [.validate, .tearDown])
            newest.hint = DeploymentError.overtakenHint
            var outage = Outage(later + [newest, Self.record(1, .deployed)], stack: "acme", commits: [:])
            let tip = Commit(
                id: try #require(Self.id("3")), author: "Ada", email: "", time: 0, subject: "s",
                parents: [try #require(Self.id("1"))])
            outage?.offer(tip: tip, after: nil, copies: [])
            return try #require(outage).rows(TextStyle()).map(\.0)
        }
        #expect(try rows(before: []) == ["overtaken", "reason", "last good", "next"])
        #expect(try rows(before: [Self.record(3, .refused)]) == ["failed", "reason", "last good", "way back"])
    }

    @Test("status begins with DOWN since when, what failed, the last good commit and the line that brings it back")
    func text() async throws {
        let host = try CommandFixture()
        let good = try host.commit("1.0.0", "Install")
        try await host.recordDeployment(of: good, subject: "Install")
        let bad = try host.commit("1.1.0", "Break it")
        let journal = try host.journal()
        try await journal.recordPoll(servedBy: "git", error: nil)
        let commit = Commit(
            id: bad, author: "Bob", email: "bob@example.com", time: 1_795_256_000, subject: "Break it", parents: [good])
        try await journal.recordSeen([CommitRecord(commit: commit, seen: host.clock.clock.now(), servedBy: "git")])
        let id = try await journal.begin(NewDeployment(commit: bad, desired: nil, trigger: .commit, changes: []))
        try await journal.record(.stopped, container: "web", image: nil, of: id)
        host.clock.advance(milliseconds: 300_000)
        let reason = "container 'web' did not become healthy within 5 s"
        try await journal.end(id, DeploymentEnd(outcome: .containerless, error: reason, hint: "mend it"))
        try await journal.setVerdict(.rolledBack, note: reason, deployment: id, of: bad)
        try await journal.remember(
            FailedPlan(
                key: .plan("x"), commit: bad, disposition: .permanent, message: reason, attempts: 1,
                lastAttempt: host.clock.clock.now(), nextAttempt: nil))
        let details = IncidentDetails(reason: reason, action: "a", host: "vsn1")
        try await journal.openIncident(.deployment, subject: "stack", cause: "c", details, notifies: false)
        let output = await host.run("status").output
        #expect(
            output.hasPrefix(
                """
                vsn1: acme DOWN since 2026-11-21 10:18
                  failed      #2  \(bad.short)  Bob: “Break it”
                  reason      \(reason)
                  last good   #1  \(good.short)  Ada: “Install”, 1.0.0
                  way back    git revert --no-edit \(bad.short) && git push  # in a clone of the repo: 1.0.0 on the data as it is

                """), "\(output)")
        #expect(output.ranges(of: reason).count == 1, "\(output)")
        #expect(output.contains("  daemon      does not run"))
        let told = await host.run("status", "--exit-code")
        #expect(told.status == .notWhole && told.output.hasPrefix("not whole: down since 2026-11-21T10:18:"))
        let json = try #require(await host.run("status", "--output", "json").json["outage"] as? [String: Any])
        #expect((json["lastGood"] as? [String: Any])?["version"] as? String == "1.0.0")
        #expect((json["ways"] as? [[String: Any]])?.first?["place"] as? String == "repository")
    }

    @Test("the headline says what runs, and that the tip is refused")
    func refusedTip() async throws {
        let host = try CommandFixture()
        try await host.recordDeployment(of: try host.commit("1.0.0", "Install"), subject: "Install")
        let tip = try host.commit("1.1.0", "Misspell")
        try await host.recordDeployment(of: tip, subject: "Misspell", outcome: .refused, error: "unknown key")
        let coloured = await host.run("status", terminal: true).output
        let output = await host.run("status").output
        // There is no engine.
        #expect(output.hasPrefix("vsn1: acme 1.0.0 deployed, but "), "\(output)")
        #expect(output.prefix { $0 != "\n" }.hasSuffix("; the tip \(tip.short) is refused"), "\(output)")
        #expect(!coloured.contains("\u{1B}[32mdeployed"), "\(coloured)")
    }
}
