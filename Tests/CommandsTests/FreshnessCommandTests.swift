import Commands
import Foundation
import Journal
import Model
import TestSupport
import Testing

@Suite("T2: commands and a branch that may be held back", .timeLimit(.minutes(5)))
struct FreshnessCommandTests {
    private let ada: SSHTestKey
    /// May sign heartbeats, and no commits.
    private let clockwork: SSHTestKey
    private let host: CommandFixture
    private let lists: Scratch

    init() throws {
        ada = try SSHTestKey()
        clockwork = try SSHTestKey()
        lists = try Scratch()
        host = try CommandFixture(
            environment: [
                "FAIRLEAD_TRUST_COMMITS_MODE": "ssh", "FAIRLEAD_TRUST_MAXIMUM_AGE": "1h",
                "FAIRLEAD_TRUST_COMMITS_ALLOWED_SIGNERS": try lists.write("ada \(ada.line)\n", to: "allowed"),
                "FAIRLEAD_TRUST_HEARTBEAT_SIGNERS": try lists.write("clockwork \(clockwork.line)\n", to: "heartbeat"),
            ])
    }

    private func ago(_ hours: Int64) -> Int64 { host.clock.clock.now().milliseconds / 1000 - hours * 3600 }

    private func commit(_ version: String, hoursAgo: Int64) throws -> CommitID {
        try host.commit(version, "Version \(version)")
        try host.repo.git(
            ada.settings + ["commit", "--quiet", "--amend", "--no-edit", "-S"], at: ago(hoursAgo))
        return try #require(CommitID(try host.repo.head()))
    }

    private func beat(_ key: SSHTestKey, hoursAgo: Int64) throws {
        try host.repo.git(
            key.settings + ["tag", "-f", "-s", "-m", "heartbeat", "fairlead-heartbeat/main", "main"], at: ago(hoursAgo))
    }

    private func checks() async throws -> [String: String] {
        let checks = try #require(await host.run("doctor", "--output", "json").json["checks"] as? [[String: Any]])
        return checks.reduce(into: [:]) { found, check in
            if let name = check["name"] as? String { found[name] = check["status"] as? String }
        }
    }

    @Test("a new host takes an old signed state only with a heartbeat of who may sign one, or by root's word")
    func first() async throws {
        let tip = try commit("1.0.0", hoursAgo: 2)
        let words = "commit '\(tip.short)' would be the first on this host, and may be an old state of the branch"
        let refused = await host.run("plan")
        #expect(refused.status == .failure && refused.output.contains(words), "\(refused.output)")
        #expect(try await checks()["signature"] == "fail")
        try beat(ada, hoursAgo: 0)
        #expect(await host.run("plan").output.contains("no allowed signer's"), "she may sign commits only")
        try beat(clockwork, hoursAgo: 2)
        #expect(await host.run("plan").status == .failure, "it is too old")
        try beat(clockwork, hoursAgo: 0)
        let plan = await host.run("plan")
        #expect(plan.status == .changes, "\(plan.chatter)")
        #expect(try await checks()["freshness"] == "ok")
        try host.repo.git("tag", "-d", "fairlead-heartbeat/main")
        #expect(await host.run("plan").status == .failure)
        _ = try host.journal()
        #expect(await host.run("accept", tip.hex).status == .success)
        #expect(await host.run("plan").status == .changes)
    }

    @Test("a key that signs heartbeats deploys nothing")
    func heartbeatKey() async throws {
        try host.commit("1.0.0", "Install")
        try host.repo.git(
            clockwork.settings + ["commit", "--quiet", "--amend", "--no-edit", "-S"], at: ago(0))
        let plan = await host.run("plan")
        #expect(plan.status == .failure && plan.output.contains("no allowed signer's"), "\(plan.output)")
    }

    @Test("what goes on from an accepted commit is deployed however old it is, and doctor says what that may mean")
    func later() async throws {
        let base = try commit("1.0.0", hoursAgo: 9)
        let signature = CommitWarrant(way: .signature, time: Timestamp(milliseconds: 1))
        try await TrustLedger(host.journal()).record(AcceptedCommit(commit: base, warrant: signature))
        _ = try commit("1.1.0", hoursAgo: 2)
        #expect(await host.run("plan").status == .changes)
        #expect(try await checks()["freshness"] == "fail")
        _ = try commit("1.2.0", hoursAgo: 0)
        #expect(try await checks()["freshness"] == "ok")
    }

    @Test("status tells how current the branch is, by what, and when that is too old")
    func status() async throws {
        let commit = CommitID(repeating: "1")
        let now = host.clock.clock.now()
        let proof = FreshnessProof(
            form: .heartbeat, commit: commit, signer: CommitSigner(name: "clockwork", key: "K"), signed: now, seen: now)
        try await TrustLedger(host.journal()).record(BranchFreshness(proof: proof))
        let fresh = await host.run("status")
        #expect(fresh.output.contains("heartbeat 1111111111 of clockwork, 2026-"), "\(fresh.output)")
        #expect(!fresh.output.contains("too old"))
        host.clock.advance(milliseconds: 3_600_001)
        #expect(await host.run("status").output.contains("too old: heartbeat 1111111111"))
        let freshness = await host.run("status", "--output", "json").json["freshness"] as? [String: Any]
        #expect(freshness?["current"] as? Bool == false)
        #expect(freshness?["commit"] as? String == commit.hex)
        let off = await host.run("status", "--set", "trust.commits.mode=ssh", "--set", "trust.maximumAge=2h")
        #expect(!off.output.contains("too old"))
    }

    @Test("an age without signatures is a mistake of the configuration")
    func configuration() async throws {
        let result = await host.run("plan", "--set", "trust.commits.mode=off")
        #expect(result.status == .failure && result.chatter.contains("/trust/maximumAge"), "\(result.chatter)")
    }
}
