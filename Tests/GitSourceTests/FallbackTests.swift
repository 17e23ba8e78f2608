import GitSource
import Model
import TestSupport
import Testing

@Suite("fallback urls")
struct FallbackTests {
    let repository: GitFixture
    let id: CommitID

    init() throws {
        repository = try GitFixture()
        try repository.write("plan.json", "{}")
        id = try #require(CommitID(try repository.commit("first")))
    }

    @Test("urls are tried in order; the answer says which served and what failed before it")
    func order() async throws {
        let bench = try GitBench("https://user:canary-secret@127.0.0.1:1/a.git") {
            $0.fallbackURLs = ["/nonexistent", "file://\(repository.path)", "/never-tried"]
        }
        let tip = try await bench.source.remoteTip()
        #expect(tip.commit == id)
        #expect(tip.servedBy == "file://\(repository.path)")
        #expect(tip.failures.count == 2)
        #expect(tip.failures.first?.contains("'https://127.0.0.1:1/a.git'") == true)
        #expect(!"\(tip)".contains("canary-secret"))
        try await bench.source.fetch(tip)
        #expect(try await bench.source.commit(id).subject == "first")
    }

    @Test("a fetch begins with the url that served the tip, and falls back as well")
    func fetchFallsBack() async throws {
        let copy = try GitFixture()
        try copy.git("fetch", "--quiet", repository.path, "main:refs/heads/copy")
        try copy.git("checkout", "--quiet", "-B", "main", "copy")
        let bench = try GitBench(repository.path) { $0.fallbackURLs = [copy.path] }
        try await bench.source.fetch(RemoteTip(commit: id, servedBy: "/gone-meanwhile"))
        #expect(try await bench.source.commit(id).subject == "first")
    }

    @Test("when none serves, every url and its reason are named")
    func noneServes() async throws {
        let bench = try GitBench("/nonexistent/a") { $0.fallbackURLs = ["/nonexistent/b"] }
        let failure = await gitFailure { _ = try await bench.source.remoteTip() }
        #expect(failure?.message.contains("'/nonexistent/a'") == true)
        #expect(failure?.message.contains("'/nonexistent/b'") == true)
    }

    @Test("a url that cannot be understood fails like any other")
    func badURL() async throws {
        let bench = try GitBench("ftp://host/x") { $0.fallbackURLs = [repository.path] }
        #expect(try await bench.source.remoteTip().commit == id)
    }
}
