import GitSource
import Model
import TestSupport
import Testing

@Suite("following a branch")
struct FollowingTests {
    let repository: GitFixture
    let bench: GitBench

    init() throws {
        repository = try GitFixture()
        bench = try GitBench(repository.path)
    }

    private func commit(_ text: String, _ subject: String) throws -> CommitID {
        try repository.write("plan.json", text)
        return try #require(CommitID(try repository.commit(subject)))
    }

    @Test("G1: the tip is asked without a transfer, then fetched", arguments: ["", "file://"])
    func tipThenFetch(scheme: String) async throws {
        let id = try commit("{}", "first")
        let bench = try GitBench(scheme + repository.path)
        let tip = try await bench.source.remoteTip()
        #expect(tip == RemoteTip(commit: id, servedBy: scheme + repository.path))
        #expect(!Paths.exists(bench.mirror))
        try await bench.source.fetch(tip)
        #expect(try await bench.source.tree(at: id).content(of: "plan.json") == Array("{}".utf8))
        #expect(bench.messages == ["info: cloned the repository"])
    }

    @Test("G4: a commit is read with its author, time, subject and parents")
    func commitFields() async throws {
        let parent = try commit("1", "first")
        let id = try commit("2", "Raise web to 3.43.2\n\nBecause.")
        try await bench.follow()
        let commit = try await bench.source.commit(id)
        #expect(commit.subject == "Raise web to 3.43.2")
        #expect(commit.author == "Ada Author" && commit.email == "ada@example.com")
        #expect(commit.parents == [parent])
        #expect(commit.time == Int64(try repository.git("log", "-1", "--format=%at")))
    }

    @Test("the history since a commit is newest first, without that commit, and limited")
    func history() async throws {
        let ids = try (1...4).map { try commit("\($0)", "commit \($0)") }
        try await bench.follow()
        let since = try await bench.source.history(of: ids[3], since: ids[0], limit: 10)
        #expect(since.map(\.id) == [ids[3], ids[2], ids[1]])
        #expect(try await bench.source.history(of: ids[3], since: nil, limit: 10).count == 4)
        #expect(try await bench.source.history(of: ids[3], since: nil, limit: 2).map(\.id) == [ids[3], ids[2]])
        let stranger = CommitID(String(repeating: "a", count: 40))
        #expect(try await bench.source.history(of: ids[3], since: stranger, limit: 10).count == 4)
    }

    @Test("ancestry: a commit is its own ancestor, a child is none of its parent, an unknown commit of nobody")
    func ancestry() async throws {
        let ids = try (1...2).map { try commit("\($0)", "commit \($0)") }
        try await bench.follow()
        let stranger = try #require(CommitID(String(repeating: "a", count: 40)))
        #expect(try await bench.source.isAncestor(ids[0], of: ids[1]))
        #expect(try await bench.source.isAncestor(ids[1], of: ids[1]))
        #expect(try await !bench.source.isAncestor(ids[1], of: ids[0]))
        #expect(try await !bench.source.isAncestor(stranger, of: ids[1]))
    }

    @Test("a rewritten branch is followed, and the old commit can still be read")
    func rewritten() async throws {
        try commitBase()
        let old = try commit("old", "old")
        try await bench.follow()
        try repository.git("reset", "--quiet", "--hard", "HEAD~1")
        let new = try commit("new", "new")
        #expect(try await bench.follow() == new)
        #expect(try await !bench.source.isAncestor(old, of: new))
        #expect(try await bench.source.commit(old).subject == "old")
    }

    @Test("G5: a revert is a new tip with the old content")
    func reverted() async throws {
        _ = try commit("good", "good")
        _ = try commit("bad", "bad")
        try await bench.follow()
        try repository.revert()
        let tip = try await bench.follow()
        #expect(try await bench.source.tree(at: tip).content(of: "plan.json") == Array("good".utf8))
    }

    @Test("an empty repository says so")
    func empty() async throws {
        let failure = await gitFailure { _ = try await bench.source.remoteTip() }
        #expect(failure?.kind == .notFound)
        #expect(failure?.message == "cannot read '\(repository.path)': the repository is empty")
    }

    @Test("a missing branch is named, with those that exist")
    func missingBranch() async throws {
        _ = try commit("{}", "first")
        try repository.git("branch", "staging")
        let bench = try GitBench(repository.path) { $0.branch = "production" }
        let failure = await gitFailure { _ = try await bench.source.remoteTip() }
        #expect(failure?.kind == .notFound)
        #expect(failure?.message.contains("no branch 'production'") == true)
        #expect(failure?.hint.contains("'main', 'staging'") == true)
    }

    @Test("a branch that is deleted later is an error, and what was fetched stays readable")
    func deletedBranch() async throws {
        let id = try commit("{}", "first")
        try await bench.follow()
        try repository.git("branch", "-m", "main", "gone")
        let failure = await gitFailure { try await bench.follow() }
        #expect(failure?.hint.contains("'gone'") == true)
        #expect(try await bench.source.commit(id).subject == "first")
    }

    @Test("a repository that is not there is an error that names the path")
    func noRepository() async throws {
        let failure = await gitFailure { _ = try await GitBench("/nonexistent/repo").source.remoteTip() }
        #expect(failure?.kind == .notFound)
        #expect(failure?.message == "cannot read '/nonexistent/repo': there is no such directory")
    }

    @Test("a commit that moved on while it was fetched is still fetched")
    func movedMeanwhile() async throws {
        _ = try commit("1", "first")
        let tip = try await bench.source.remoteTip()
        _ = try commit("2", "second")
        try await bench.source.fetch(tip)
        #expect(try await bench.source.commit(tip.commit).subject == "first")
    }

    @Test("a commit that was rewritten away while it was fetched is a passing failure")
    func rewrittenMeanwhile() async throws {
        try commitBase()
        _ = try commit("1", "first")
        let tip = try await bench.source.remoteTip()
        try repository.git("reset", "--quiet", "--hard", "HEAD~1")
        _ = try commit("2", "second")
        let failure = await gitFailure { try await bench.source.fetch(tip) }
        #expect(failure?.disposition == .transient)
        #expect(failure?.message.contains("moved from '\(tip.commit.short)'") == true)
    }

    private func commitBase() throws { _ = try commit("base", "base") }
}
