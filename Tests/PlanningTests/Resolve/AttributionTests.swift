import Model
import Planning
import Testing

@Suite("A problem is shown where its value was written")
struct AttributionTests {
    private let plan = """
        {
          "schemaVersion": 1, "stack": "acme", "version": "1.0.0",
          "containers": {
            "web": {
              "image": "localhost/web:1",
              "ports": ["80:80"],
              "resources": {"memory": "1MiB"}
            }
          },
          "sizes": {
            "small": {
              "containers": {"web": {
                "resources": {"memory": "2MiB"}}}
            },
            "huge": {
              "containers": {"web": {"hostname": "-"}}
            }
          }
        }
        """

    private func problems(overlay: String) throws -> [PlanProblem] {
        let tree = MemoryTree(files: ["plan.json": plan, "hosts/berlin.json": overlay])
        let error = try #require(throws: PlanProblems.self) { try tree.resolved() }
        return error.problems
    }

    private func places(_ overlay: String) throws -> [String] {
        try problems(overlay: overlay).map { "\($0.file):\($0.line ?? 0) \($0.pointer)" }
    }

    @Test("the plan, the size and the host each answer for their own values")
    func layers() throws {
        #expect(try places("{}") == ["plan.json:7 /containers/web/resources/memory"])
        #expect(
            try places(#"{"size": "small"}"#) == ["plan.json:13 /sizes/small/containers/web/resources/memory"])
        #expect(
            try places("{\"size\": \"small\",\n \"containers\": {\"web\": {\"resources\":\n {\"memory\": \"3MiB\"}}}}")
                == ["hosts/berlin.json:3 /containers/web/resources/memory"])
    }

    @Test("a list that a host replaces is the host's as a whole")
    func replacedList() throws {
        let found = try places(
            "{\"containers\": {\"web\": {\"resources\": null,\n \"ports\": [\"80:80\",\n \"80:81\"]}}}")
        #expect(found == ["hosts/berlin.json:3 /containers/web/ports/1"])
    }

    @Test("what a container lacks is said where the container is defined, an unknown key where it was written")
    func shape() throws {
        let found = try problems(
            overlay: """
                {"containers": {"web": {"resources": null,
                 "prots": []},
                 "new": {"image": "localhost/new:1", "stopTimeout": "soon"}}}
                """)
        #expect(
            found.map(\.description) == [
                "hosts/berlin.json:2 /containers/web/prots: unknown key 'prots'; did you mean 'ports'?",
                "hosts/berlin.json:3 /containers/new/stopTimeout: 'soon' is not a duration; write a duration "
                    + "such as '30s'",
            ])
    }

    @Test("a misspelt container in a host entry is said to be just that")
    func misspeltContainer() throws {
        let found = try problems(overlay: "{\n \"containers\": {\"wbe\": {\"active\": false}}}").map(\.description)
        #expect(
            found.contains(
                "hosts/berlin.json:2 /containers/wbe: the plan has no container 'wbe' to change; did you mean 'web'?"),
            "\(found)")
    }

    @Test("an unknown size is the host's problem when the host chose it")
    func unknownSize() throws {
        let found = try problems(overlay: "{\n \"size\": \"smal\"}").filter { $0.pointer == "/size" }
        #expect(
            found.map(\.description) == ["hosts/berlin.json:2 /size: size 'smal' is not defined; did you mean 'small'?"]
        )
        let sizes = try problems(overlay: "{\n \"sizes\": {\"tiny\": {}}}").filter { $0.pointer.hasPrefix("/sizes") }
        #expect(sizes.map(\.file) == ["hosts/berlin.json"])
        #expect(sizes.first?.message == "sizes cannot be defined for one host")
    }

    @Test("files that are no JSON objects are all named at once")
    func syntax() throws {
        let tree = MemoryTree(files: ["plan.json": "{\n \"stack\": }", "hosts/berlin.json": "[]"])
        let error = try #require(throws: PlanProblems.self) { try tree.resolved() }
        #expect(error.problems.map(\.file) == ["hosts/berlin.json", "plan.json"])
        #expect(error.problems.map(\.line) == [1, 2])
        #expect(error.disposition == .permanent)
        let missing = try #require(throws: PlanProblems.self) { try MemoryTree(files: [:]).resolved() }
        #expect(
            missing.problems.map(\.description) == [
                "hosts/berlin.json: host 'berlin' is not in the repo; the repo has no hosts; add 'hosts/berlin.json' "
                    + "with '{}'",
                "plan.json: the repo has no 'plan.json'; commit it at the root of the repo",
            ])
    }

    @Test("validating a whole repo looks at every host, and at sizes that no host uses")
    func validateAll() throws {
        var tree = MemoryTree(files: [
            "plan.json": plan.replacing("1MiB", with: "64MiB"), "hosts/berlin.json": "{}",
            "hosts/bonn.json": #"{"size": "small"}"#, "hosts/broken.json": "{",
        ])
        let validate = { (tree: MemoryTree) in
            try PlanResolver(tree: tree, policy: nil).validateAll().map { "\($0.file):\($0.line ?? 0) \($0.pointer)" }
        }
        #expect(
            try validate(tree) == [
                "hosts/broken.json:1 ", "plan.json:13 /sizes/small/containers/web/resources/memory",
                "plan.json:16 /sizes/huge/containers/web/hostname",
            ])
        tree.files = ["plan.json": plan]
        #expect(
            try validate(tree)
                == [
                    "hosts:0 ", "plan.json:7 /containers/web/resources/memory",
                    "plan.json:13 /sizes/small/containers/web/resources/memory",
                    "plan.json:16 /sizes/huge/containers/web/hostname",
                ])
        tree.files = ["plan.json": plan.replacing(/"sizes"(?s:.*)/, with: "\"size\": \"none\"}")]
        #expect(
            try validate(tree) == ["hosts:0 ", "plan.json:7 /containers/web/resources/memory", "plan.json:10 /size"])
        #expect(try PlanResolver(tree: PlanResolverTests.tree, policy: nil).validateAll() == [])
    }
}
