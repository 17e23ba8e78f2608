import Model
import Planning
import Testing

@Suite("Containers that are restarted with what they depend on")
struct RestartWithTests {
    private static func container(_ name: String, _ dependencies: String = "") -> String {
        let fields = dependencies.isEmpty ? "" : #", "dependsOn": [\#(dependencies)]"#
        return #""\#(name)": {"image": "registry.example.com/\#(name):1.0.0"\#(fields)}"#
    }

    private static func with(_ name: String, _ restart: Bool = true) -> String {
        #"{"container": "\#(name)", "restartWith": \#(restart)}"#
    }

    private static let containers = """
        \(container("app")), \(container("database")), \(container("cache", with("database", false))),
        \(container("proxy", #""database", \#(with("app"))"#)), \(container("edge", with("proxy")))
        """

    @Test("a dependency is a name, or an object that says more, and both are waited for")
    func read() throws {
        let tree = MemoryTree(containers: Self.containers)
        let plan = try tree.resolved().plan
        let proxy = try #require(plan.containers["proxy"])
        #expect(proxy.dependsOn == ["database", "app"] && proxy.restartWith == ["app"])
        let cache = try #require(plan.containers["cache"])
        #expect(cache.dependsOn == ["database"] && cache.restartWith == nil)
    }

    @Test(
        "who is restarted with a container is found through others, and only where the plan says so",
        arguments: [
            (["app"], ["app", "edge", "proxy"]), (["proxy"], ["edge", "proxy"]), (["edge"], ["edge"]),
            (["database"], ["database"]), (["gone"], ["gone"]), ([], []),
        ] as [([String], [String])])
    func closure(replaced: [String], all: [String]) throws {
        let tree = MemoryTree(containers: Self.containers)
        let plan = try tree.resolved().plan
        #expect(plan.restarted(with: Set(replaced)).sorted() == all)
    }

    @Test("a dependency without a name, with an unknown one, with another key, or that stands twice is an error")
    func problems() throws {
        func problems(_ dependencies: String) throws -> [String] {
            try MemoryTree(containers: "\(Self.container("app")), \(Self.container("web", dependencies))").problems()
        }
        #expect(try problems(Self.with("apt")).first?.contains("depends on 'apt', which is no container") == true)
        #expect(try problems(#""app", \#(Self.with("app"))"#).first?.contains("'app' stands twice in the list") == true)
        #expect(try problems(#"{"restartWith": true}"#).first?.contains("'container' is missing") == true)
        #expect(try problems(#"{"container": "app", "restart": true}"#).first?.contains("'restart'") == true)
    }
}
