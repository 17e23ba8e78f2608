import Model
import Testing

@Suite("Containers wait for what they depend on")
struct DependencyGraphTests {
    private let graph = DependencyGraph([
        "web": ["api", "cache", "api"], "api": ["database"], "database": [], "cache": ["elsewhere"], "cron": ["api"],
    ])

    @Test("dependencies and dependents are direct, sorted, and of known containers only")
    func neighbours() {
        #expect(graph.dependencies(of: "web") == ["api", "cache"])
        #expect(graph.dependencies(of: "cache") == [])
        #expect(graph.dependents(of: "api") == ["cron", "web"])
        #expect(graph.dependents(of: "web") == [] && graph.dependencies(of: "unknown") == [])
    }

    @Test("each wave needs only the waves before it")
    func waves() {
        #expect(graph.waves == [["cache", "database"], ["api"], ["cron", "web"]])
        #expect(graph.topologicalOrder == ["cache", "database", "api", "cron", "web"])
        #expect(graph.ready(after: ["database", "api"]) == ["cache", "cron"])
        #expect(graph.cycle() == nil)
        #expect(DependencyGraph([String: [String]]()).waves.isEmpty)
    }

    @Test(
        "a cycle is found and begins with its smallest name",
        arguments: [
            (["a": ["a"]], ["a", "a"]),
            (["b": ["a"], "a": ["b"]], ["a", "b", "a"]),
            (["x": ["c"], "c": ["a"], "a": ["b"], "b": ["c"], "free": []], ["a", "b", "c", "a"]),
        ])
    func cycles(graph: [String: [String]], cycle: [String]) {
        #expect(DependencyGraph(graph).cycle() == cycle)
    }
}
