import Commands
import Deploying
import Journal
import Model
import Planning
import TestSupport
import Testing

@Suite("History of a host")
struct HistoryTests {
    private static let upgrade = [
        PlanChange(subject: "stack", kind: .changed, text: "version 1.0.0 -> 1.1.0"),
        PlanChange(subject: "web", kind: .changed, text: "image 1.0.0 -> 1.1.0"),
    ]

    /// A deployment, a commit that changes nothing, and a refused upgrade.
    private func story(_ environment: [String: String] = [:]) async throws -> CommandFixture {
        let host = try CommandFixture(environment: environment)
        let first = try host.commit("1.1.0", "Upgrade to 1.1.0")
        try await host.recordDeployment(of: first, subject: "Upgrade to 1.1.0", changes: Self.upgrade)
        host.clock.advance(milliseconds: 60_000)
        let readme = try host.commit("1.1.0", "Explain")
        let seen = CommitRecord(
            commit: .ada(readme, "Explain"), seen: host.clock.clock.now(), servedBy: "git.example.com",
            verdict: .nothingToDeploy, note: "the plan is the same")
        try await host.journal().recordSeen([seen])
        host.clock.advance(milliseconds: 60_000)
        let third = try host.commit("1.2.0", "Upgrade\u{1B}[31m to 1.2.0")
        try await host.recordDeployment(
            of: third, subject: "Upgrade\u{1B}[31m to 1.2.0", outcome: .refused,
            error: "cannot pull 'registry.example.com/acme/web:1.2.0': it does not exist", hint: "push it")
        return host
    }

    @Test("G4: rows are aligned, newest first, with commit, version, downtime and the changes below")
    func text() async throws {
        let host = try await story()
        let result = await host.run("history")
        #expect(result.status == .success)
        let ids = try host.repo.git("log", "--format=%H").split(separator: "\n").map { $0.prefix(10) }
        #expect(
            result.output
                == """
                #2  2026-11-21 10:20  refused            \(ids[0])  1.2.0                   Ada: “Upgrade[31m to 1.2.0”
                     cannot pull 'registry.example.com/acme/web:1.2.0': it does not exist
                     push it
                    2026-11-21 10:19  nothing to deploy  \(ids[1])                          Ada: “Explain”
                     the plan is the same
                #1  2026-11-21 10:18  deployed           \(ids[2])  1.1.0  downtime 1.2 s  Ada: “Upgrade to 1.1.0”
                     stack: version 1.0.0 -> 1.1.0
                     web: image 1.0.0 -> 1.1.0

                """.replacing("1.2.0                   Ada", with: "1.2.0                  Ada")
                .replacing("                          Ada: “Explain", with: "                         Ada: “Explain"))
    }

    @Test("on a narrow screen what has no room stands below its row, and every line fits")
    func narrow() async throws {
        let host = try await story(["COLUMNS": "70"])
        let ids = try host.repo.git("log", "--format=%H").split(separator: "\n").map { $0.prefix(10) }
        let lines = await host.run("history").output.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 70 }, "\(lines)")
        #expect(
            lines.suffix(5).map(String.init) == [
                "#1  2026-11-21 10:18  deployed           \(ids[2])  1.1.0", "     downtime 1.2 s",
                "     Ada: “Upgrade to 1.1.0”", "     stack: version 1.0.0 -> 1.1.0", "     web: image 1.0.0 -> 1.1.0",
            ])
    }

    @Test("what an operator said of the data stands between, with time and who")
    func acts() async throws {
        let host = try await story()
        host.clock.advance(milliseconds: 60_000)
        let act = OperatorAct(
            kind: .adopted, text: "data directory 'db' taken as it is", person: "ada", time: host.clock.clock.now())
        try await OperatorLedger(host.journal()).record(act)
        let lines = await host.run("history").output.split(separator: "\n")
        #expect(lines[0].contains("2026-11-21 10:21  adopted") && lines[0].hasSuffix("by ada"), "\(lines[0])")
        #expect(lines[1] == "     data directory 'db' taken as it is")
        let entries = await host.run("history", "--output", "json").json["entries"] as? [[String: Any]]
        #expect(entries?.first?["person"] as? String == "ada" && entries?.first?["outcome"] as? String == "adopted")
    }

    @Test("JSON has the same entries, with times in UTC and the version of the contract")
    func json() async throws {
        let result = await (try story()).run("history", "--output", "json", "--limit", "3")
        #expect(result.json["formatVersion"] as? Int == 1)
        let entries = try #require(result.json["entries"] as? [[String: Any]])
        #expect(entries.map { $0["outcome"] as? String } == ["refused", "nothing to deploy", "deployed"])
        #expect(entries[2]["deployment"] as? Int == 1)
        #expect(entries[2]["time"] as? String == "2026-11-21T10:18:47.120Z")
        #expect(entries[2]["downtimeMilliseconds"] as? Int == 1200)
        #expect((entries[2]["changes"] as? [[String: Any]])?.count == 2)
        #expect((entries[2]["commit"] as? [String: Any])?["author"] as? String == "Ada")
    }

    @Test("colours come on a terminal only, and not against NO_COLOR")
    func colours() async throws {
        let host = try await story()
        #expect(await host.run("history", terminal: true).output.contains("\u{1B}[32mdeployed"))
        #expect(await !host.run("history").output.contains("\u{1B}"))
        let plain = try CommandFixture(environment: ["NO_COLOR": "1"])
        let commit = try plain.commit("1.0.0", "Install")
        try await plain.recordDeployment(of: commit, subject: "Install")
        #expect(await !plain.run("history", terminal: true).output.contains("\u{1B}"))
    }

    @Test("the limit counts deployments and commits together")
    func limit() async throws {
        let host = try await story()
        let result = await host.run("history", "--limit", "2", "--output", "json")
        #expect((result.json["entries"] as? [Any])?.count == 2)
        #expect(await host.run("history", "--limit", "0").status == .usage)
    }

    @Test("what a clock that was ahead saw stands below what came after it")
    func clockAhead() async throws {
        let host = try CommandFixture()
        let year: Int64 = 31_536_000_000
        host.clock.advance(milliseconds: year)
        try await host.recordDeployment(of: host.commit("1.0.0", "Install"), subject: "Install")
        host.clock.advance(milliseconds: -year)
        try await host.recordDeployment(of: host.commit("1.1.0", "Upgrade"), subject: "Upgrade")
        let rows = await host.run("history").output.split(separator: "\n").filter { $0.hasPrefix("#") }
        #expect(rows.map { $0.prefix(2) } == ["#2", "#1"], "\(rows)")
    }

    @Test("a host on which nothing ran says so and fails")
    func noJournal() async throws {
        let result = await (try CommandFixture()).run("history")
        #expect(result.status == .failure)
        #expect(result.chatter.contains("there is no journal"))
        #expect(result.output.isEmpty)
    }

    @Test("show finds a deployment by number and a commit by the beginning of its id")
    func show() async throws {
        let host = try await story()
        let one = await host.run("show", "#1")
        #expect(one.status == .success)
        #expect(one.output.hasPrefix("deployment #1  deployed\n"))
        #expect(one.output.contains("  took      1.4 s\n"))
        #expect(one.output.contains("  web: image 1.0.0 -> 1.1.0\n"))
        #expect(one.output.contains("validate  10:18:47  1.4 s\n"))
        let id = try host.repo.head()
        let commit = await host.run("show", String(id.prefix(8)), "--output", "json")
        #expect((commit.json["deployments"] as? [[String: Any]])?.first?["deployment"] as? Int == 2)
        #expect((commit.json["commit"] as? [String: Any])?["verdict"] as? String == "refused")
        let unknown = await host.run("show", "99")
        #expect(unknown.status == .failure)
        #expect(unknown.chatter.contains("'fairlead history' lists them"))
    }

    @Test("a downtime whose begin nobody saw is told as at least and at most, in each form")
    func bounds() async throws {
        let host = try CommandFixture()
        let up = host.clock.clock.now()
        let begin = OutageBegin(earliest: up, latest: Timestamp(milliseconds: up.milliseconds + 60_000))
        let change = PlanChange(subject: "web", kind: .added, text: "is missing; \(begin.words)", down: begin)
        try await host.recordDeployment(of: host.commit("1.0.0", "Install"), subject: "Install", changes: [change])
        #expect(await host.run("history").output.contains("  downtime at least 1.2 s, at most 1 min 1 s  "))
        #expect(await host.run("show", "1").output.contains("  downtime  at least 1.2 s, at most 1 min 1 s\n"))
        let entries = await host.run("history", "--output", "json").json["entries"] as? [[String: Any]]
        #expect(entries?.first?["downtimeMilliseconds"] as? Int == 1200)
        #expect(entries?.first?["downtimeAtMostMilliseconds"] as? Int == 61_200)
        let told = (entries?.first?["changes"] as? [[String: Any]])?.first
        #expect(told?["text"] as? String == "is missing; \(begin.words)" && told?["down"] == nil)
    }

    @Test("a deployment that was overtaken says that the newer commit is next until the next deployment begins")
    func overtaken() async throws {
        let host = try await story()
        let journal = try host.journal()
        let id = try await journal.begin(NewDeployment(commit: nil, desired: nil, trigger: .commit, changes: []))
        try await journal.end(
            id,
            DeploymentEnd(
                outcome: .interrupted, error: "a newer commit changes the plan", hint: DeploymentError.overtakenHint,
                keepsDeployed: true))
        let hint = DeploymentError.overtakenHint
        #expect(await host.run("history").output.contains(hint))
        #expect(await host.run("show", "\(id)").output.contains(hint))
        _ = try await journal.begin(NewDeployment(commit: nil, desired: nil, trigger: .commit, changes: []))
        #expect(await !host.run("history").output.contains(hint))
        #expect(await !host.run("show", "\(id)").output.contains(hint))
    }

    @Test("what a failed repair left is down until its incident ends, or a later deployment goes on with it")
    func failedRepair() async throws {
        let host = try await story()
        let journal = try host.journal()
        func repair() async throws {
            let id = try await journal.begin(NewDeployment(commit: nil, desired: nil, trigger: .drift, changes: []))
            for phase in [ContainerRecord.Phase.stopped, .removed, .created, .started, .failed] {
                try await journal.record(phase, container: "web", image: nil, of: id)
            }
            host.clock.advance(milliseconds: 2000)
            try await journal.end(id, DeploymentEnd(outcome: .broken, error: "it broke", keepsDeployed: true))
        }
        func newest() async -> [[String: Any]] {
            await host.run("history", "--output", "json").json["entries"] as? [[String: Any]] ?? []
        }
        try await repair()
        let details = IncidentDetails(headline: "h", reason: "r", action: "a", host: "vsn1")
        _ = try await journal.openIncident(
            .drift, subject: "web", cause: "repair", since: nil, details, notifies: false)
        host.clock.advance(milliseconds: 60_000)
        #expect(await newest().first?["downSince"] != nil)
        _ = try await journal.closeIncident(.drift, subject: "web", details, notifies: false)
        let over = await newest().first
        #expect(over?["downtimeMilliseconds"] as? Int == 62_000 && over?["downSince"] == nil, "\(over ?? [:])")
        try await repair()
        #expect(await newest().prefix(2).map { $0["downtimeMilliseconds"] as? Int } == [nil, 62_000])
    }

    @Test("a commit that waited when a newer one came waits no more")
    func waitedOnce() async throws {
        let host = try await story()
        let journal = try host.journal()
        let ids = ["a", "b"].compactMap { CommitID(String(repeating: $0, count: 40)) }
        for id in ids {
            let commit = Commit.ada(id, "Move")
            try await journal.recordSeen([
                CommitRecord(commit: commit, seen: host.clock.clock.now(), servedBy: "git.example.com")
            ])
            try await journal.setVerdict(.pending, note: "waits for the old host", deployment: nil, of: id)
        }
        let entries = await host.run("history", "--output", "json").json["entries"] as? [[String: Any]]
        #expect(entries?.prefix(2).map { $0["outcome"] as? String } == ["pending", "superseded"])
        #expect(entries?.prefix(2).map { $0["note"] as? String } == ["waits for the old host", nil])
        #expect(await !host.run("show", "aaaa").output.contains("waits for"))
    }

    @Test("what users missed and no deployment brought back has a row with its length")
    func repairedByRules() async throws {
        let host = try await story()
        let journal = try host.journal()
        let port = DriftFinding(subject: "web", kind: .port, remedy: .renew, text: "port '80:8080' is dead")
        let limits = DriftFinding(subject: "web", kind: .limits, remedy: .replace, text: "memory")
        _ = try await journal.recordDrift([port, limits])
        host.clock.advance(milliseconds: 12_000)
        _ = try await journal.recordDrift([])
        let entries = await host.run("history", "--output", "json").json["entries"] as? [[String: Any]]
        #expect(entries?.filter { $0["outcome"] as? String == "drift" }.count == 1)
        #expect(entries?.first?["downtimeMilliseconds"] as? Int == 12_000, "\(entries?.first ?? [:])")
        #expect(entries?.first?["note"] as? String == "web: port '80:8080' is dead")
        #expect(await host.run("history").output.contains("downtime 12 s"))
    }

    @Test("an outage began when it was first seen, and ended between the last look that saw it and the next one")
    func lengthOfDrift() async throws {
        let host = try await story()
        let journal = try host.journal()
        var port = DriftFinding(subject: "web", kind: .port, remedy: .renew, text: "port '80:8080' is dead")
        let seen = host.clock.clock.now()
        host.clock.advance(milliseconds: 15_000)
        let first = host.clock.clock.now()
        port.effect = DriftEffect(isDown: true, begin: OutageBegin(earliest: seen, latest: first))
        host.clock.advance(milliseconds: 3000)
        _ = try await journal.recordDrift([port])
        host.clock.advance(milliseconds: 400)
        let last = host.clock.clock.now()
        host.clock.advance(milliseconds: 200)
        _ = try await journal.recordDrift([], lastSeen: ["web": last])
        #expect(await host.run("history").output.contains("downtime at least 3.4 s, at most 18.6 s"))
        port.effect = DriftEffect(isDown: false)
        _ = try await journal.recordDrift([port])
        host.clock.advance(milliseconds: 1000)
        _ = try await journal.recordDrift([])
        let entries = await host.run("history", "--output", "json").json["entries"] as? [[String: Any]]
        #expect(entries?.first?["outcome"] as? String == "drift" && entries?.first?["downtimeMilliseconds"] == nil)
    }

    @Test("an outage whose end no process saw lasted at least until it was told")
    func endUnseen() async throws {
        let host = try await story()
        let journal = try host.journal()
        var paused = DriftFinding(subject: "web", kind: .paused, remedy: .replace, text: "is paused")
        paused.effect = DriftEffect(isDown: true, begin: OutageBegin(at: host.clock.clock.now()))
        host.clock.advance(milliseconds: 3000)
        _ = try await journal.recordDrift([paused])
        host.clock.advance(milliseconds: 20_000)
        _ = try await journal.recordDrift([])
        #expect(await host.run("history").output.contains("downtime at least 3 s, at most 23 s"))
    }

    @Test("one outage over several starts that fail is told once: by the first, and then by the one that ends it")
    func failedStarts() async throws {
        let host = try await story()
        let journal = try host.journal()
        let down = PlanChange(
            subject: "stack", kind: .changed, text: "down", down: OutageBegin(at: host.clock.clock.now()))
        func start(_ outcome: DeploymentOutcome, downtime: Int64? = nil) async throws {
            host.clock.advance(milliseconds: 10_000)
            let id = try await journal.begin(NewDeployment(commit: nil, desired: nil, trigger: .boot, changes: [down]))
            host.clock.advance(milliseconds: 1000)
            try await journal.end(
                id, DeploymentEnd(outcome: outcome, downtimeMilliseconds: downtime, keepsDeployed: true))
        }
        func told() async -> [Bool] {
            let entries = await host.run("history", "--output", "json").json["entries"] as? [[String: Any]] ?? []
            return entries.filter { $0["trigger"] as? String == "boot" }.map {
                $0["downtimeMilliseconds"] != nil || $0["downSince"] != nil
            }
        }
        try await start(.broken)
        let details = IncidentDetails(headline: "h", reason: "r", action: "a", host: "vsn1")
        _ = try await journal.openIncident(
            .deployment, subject: "boot", cause: "c", since: nil, details, notifies: false)
        try await start(.broken)
        #expect(await told() == [false, true])
        try await start(.deployed, downtime: 33_000)
        _ = try await journal.closeIncident(.deployment, subject: "boot", details, notifies: false)
        #expect(await told() == [true, false, false])
    }

    struct Neighbour: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let outcome: DeploymentOutcome
        let phases: [ContainerRecord.Phase]
        let isRow: Bool
    }

    @Test(
        "an outage in which a deployment began has a row of its own, unless the deployment tells how long it was",
        arguments: [
            Neighbour(testDescription: "refused", outcome: .refused, phases: [.imageReady], isRow: true),
            Neighbour(testDescription: "cut off", outcome: .interrupted, phases: [.stopped, .started], isRow: true),
            Neighbour(
                testDescription: "deployed", outcome: .deployed, phases: [.stopped, .removed, .started, .healthy],
                isRow: false),
        ])
    func driftBesideDeployment(_ neighbour: Neighbour) async throws {
        let host = try await story()
        let journal = try host.journal()
        let gone = DriftFinding(subject: "web", kind: .stopped, remedy: .replace, text: "is stopped")
        _ = try await journal.recordDrift([gone])
        host.clock.advance(milliseconds: 1000)
        let id = try await journal.begin(NewDeployment(commit: nil, desired: nil, trigger: .drift, changes: []))
        for phase in neighbour.phases {
            try await journal.record(phase, container: "web", image: nil, of: id)
            host.clock.advance(milliseconds: 500)
        }
        let downtime: Int64? = neighbour.outcome == .deployed ? 2000 : nil
        try await journal.end(
            id, DeploymentEnd(outcome: neighbour.outcome, downtimeMilliseconds: downtime, keepsDeployed: true))
        host.clock.advance(milliseconds: 10_000)
        _ = try await journal.recordDrift([])
        let entries = await host.run("history", "--output", "json").json["entries"] as? [[String: Any]]
        #expect(entries?.contains { $0["outcome"] as? String == "drift" } == neighbour.isRow, "\(entries ?? [])")
    }

    @Test("what was stopped and is gone then is one outage, with one row")
    func oneRow() async throws {
        let host = try await story()
        let journal = try host.journal()
        let begin = OutageBegin(at: host.clock.clock.now())
        for kind in [DriftFinding.Kind.stopped, .missing] {
            var finding = DriftFinding(subject: "web", kind: kind, remedy: .replace, text: "is \(kind.rawValue)")
            finding.effect = DriftEffect(isDown: true, begin: begin)
            host.clock.advance(milliseconds: 10_000)
            _ = try await journal.recordDrift([finding])
        }
        host.clock.advance(milliseconds: 10_000)
        _ = try await journal.recordDrift([], lastSeen: ["web": host.clock.clock.now()])
        let entries = await host.run("history", "--output", "json").json["entries"] as? [[String: Any]]
        let rows = entries?.filter { $0["outcome"] as? String == "drift" }
        #expect(rows?.map { $0["downtimeMilliseconds"] as? Int } == [30_000], "\(rows ?? [])")
    }

    @Test("an outage that goes on is told at the deployment that stopped the stack, with the trigger of each entry")
    func outage() async throws {
        let host = try await story()
        let journal = try host.journal()
        let commit = try #require(CommitID(try host.repo.head()))
        for (trigger, outcome) in [
            (DeploymentTrigger.retry, DeploymentOutcome.containerless),
            (DeploymentTrigger.manual, DeploymentOutcome.refused),
        ] {
            let id = try await journal.begin(
                NewDeployment(commit: commit, desired: nil, trigger: trigger, changes: []))
            try await journal.record(.stopped, container: "web", image: nil, of: id)
            let end = DeploymentEnd(outcome: outcome, error: "it broke", keepsDeployed: outcome == .refused)
            try await journal.end(id, end)
        }
        let down = await host.run("history", "--output", "json").json["entries"] as? [[String: Any]]
        #expect(
            down?.map { $0["downSince"] as? String } == [nil, "2026-11-21T10:20:50.018Z", nil, nil, nil],
            "\(down ?? [])")
        #expect(await host.run("history").output.contains("  retry, down since 2026-11-21 10:20  "))
    }
}
