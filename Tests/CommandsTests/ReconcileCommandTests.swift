import Commands
import Files
import Glibc
import HostSystem
import Journal
import Model
import Planning
import TestSupport
import Testing

@Suite("One cycle from the command line, with plans that are refused before the engine is needed")
struct ReconcileCommandTests {
    @Test("a broken plan ends with 3, tells every problem once, and is remembered")
    func refused() async throws {
        let host = try CommandFixture()
        try host.commit("1.0.0", "Break", changes: #"{"stak": "x", "conatiners": {}}"#)
        let result = await host.run("reconcile")
        #expect(result.status == .refused)
        #expect(result.output.hasPrefix("refused: "))
        #expect(result.output.hasSuffix("; nothing is deployed on this host\n"))
        #expect(result.chatter.split(separator: "\n").filter { $0.contains("'stak'") }.count == 1)
        #expect(result.chatter.contains("'conatiners'"))
        #expect(try await host.journal().failures().count == 1)
        #expect(try await host.journal().deployments(limit: 1).isEmpty)
    }

    @Test("of several new commits the tip is the last one seen, and those before it are superseded")
    func severalCommits() async throws {
        let host = try CommandFixture()
        let broken = #"{"stak": "x"}"#
        try host.commit("1.0.0", "One", changes: broken)
        #expect(await host.run("reconcile").status == .refused)
        let second = try host.commit("1.0.0", "Two", changes: broken)
        let third = try host.commit("1.0.0", "Three", changes: broken)
        #expect(await host.run("reconcile").status == .refused)
        let journal = try host.journal()
        #expect(try await journal.lastSeen()?.commit.id == third)
        #expect(try await journal.commits(matching: second.hex).first?.verdict == .superseded)
        #expect(try await journal.commits(matching: third.hex).first?.verdict == .refused)
    }

    @Test("a suspended host is left alone, with the reason, and ends with 5")
    func suspended() async throws {
        let host = try CommandFixture()
        #expect(await host.run("suspend", "--reason", "audit until noon").status == .success)
        let result = await host.run("reconcile")
        #expect(result.status == .held)
        #expect(result.output == "suspended since 2026-11-21 10:18: audit until noon; 'fairlead resume' ends that\n")
    }

    @Test("an unreachable repo is an error with the reason")
    func unreachable() async throws {
        let host = try CommandFixture(environment: ["FAIRLEAD_REPOSITORY_URL": "/nowhere/repo.git"])
        let result = await host.run("reconcile")
        #expect(result.status == .failure)
        #expect(result.chatter.contains("/nowhere/repo.git"))
        #expect(try await host.journal().lastPoll()?.failingSince != nil)
    }

    @Test("a roll back beside a deployment waits for its end before it says what it could bring back")
    func besideDeployment() async throws {
        let host = try CommandFixture()
        let commit = try host.commit("1.0.0", "Install")
        try await host.recordDeployment(of: commit, subject: "Install")
        _ = try await host.journal().begin(
            NewDeployment(commit: commit, desired: nil, trigger: .commit, changes: []))
        let lock = try await HostLock.acquire(
            at: "\(host.scratch.path)/run/lock", command: "fairlead reconcile: reconcile", now: host.clock.clock.now())
        async let waiting = host.run("rollback", "--yes")
        let wish = "\(host.scratch.path)/run/copy.wanted"
        for _ in 0..<2000 where access(wish, F_OK) != 0 { try await Task.sleep(for: .milliseconds(5)) }
        _ = consume lock
        let told = await waiting.chatter
        let words =
            "waiting for the end of the deployment that 'fairlead reconcile: reconcile' runs (process \(getpid()))"
        #expect(told.hasPrefix(words), "\(told)")
    }

    @Test("teardown asks first, and does nothing when nobody can answer")
    func teardown() async throws {
        let host = try CommandFixture()
        let result = await host.run("teardown")
        #expect(result.status == .failure)
        #expect(result.chatter.contains("nothing was done"))
        #expect(try await host.journal().suspension() == nil)
    }
}
