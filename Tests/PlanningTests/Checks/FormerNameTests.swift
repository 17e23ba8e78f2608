import Model
import Planning
import Testing

@Suite("Former names of data and of the stack")
struct FormerNameTests {
    @Test(
        "that cannot have been are errors",
        arguments: [
            (
                #"{"data": "db", "target": "/a", "formerly": "db"}"#,
                "plan.json:3 /containers/web/volumes/0/formerly: data directory 'db' has this name now; write the one that it had before"
            ),
            (
                #"{"data": "new", "target": "/a", "formerly": "db"}, {"data": "db", "target": "/b"}"#,
                "plan.json:3 /containers/web/volumes/0/formerly: 'db' is still a data directory of the plan, so 'new' cannot have been it; rename in commits that are each deployed before the next: first 'db' to 'new', then what becomes 'db'; or remove 'formerly'"
            ),
            (
                #"{"data": "a", "target": "/a", "formerly": "db"}, {"data": "b", "target": "/b", "formerly": "db"}"#,
                "plan.json:3 /containers/web/volumes/1/formerly: 'a' and 'b' cannot both have been 'db'; remove one 'formerly'"
            ),
            (
                #"{"data": "a", "target": "/a", "formerly": "../b"}"#,
                "plan.json:3 /containers/web/volumes/0/formerly: '../b' cannot be the name of a data directory; write the name that it had before"
            ),
        ])
    func wrong(volumes: String, problem: String) throws {
        #expect(try MemoryTree(web: #""volumes": [\#(volumes)]"#).problems() == [problem])
    }

    @Test(
        "of which another one takes the name: what is said renames in an order in which nothing is in the way",
        arguments: [
            (["two": "one", "three": "two"], ["three: first 'two' to 'three', then what becomes 'two'"]),
            (["two": "one", "one": "two"], [("one", "two"), ("two", "one")].map(FormerNameTests.circle)),
            (["b": "a", "c": "b", "a": "c"], [("a", "b"), ("b", "c"), ("c", "a")].map(FormerNameTests.circle)),
        ] as [([String: String], [String])])
    func orders(former: [String: String], orders: [String]) throws {
        let volumes = former.map { #"{"data": "\#($0)", "target": "/\#($0)", "formerly": "\#($1)"}"# }
        let problems = try MemoryTree(web: #""volumes": [\#(volumes.joined(separator: ", "))]"#).problems()
        let told = problems.compactMap { problem -> String? in
            guard let name = problem.split(separator: "so '").last?.prefix(while: { $0 != "'" }),
                let order = problem.split(separator: "deployed before the next: ").last?.split(separator: ";").first
            else { return nil }
            return "\(name): \(order)"
        }
        #expect(told.sorted() == orders.sorted())
    }

    private static func circle(_ old: String, _ new: String) -> String {
        "\(new): first '\(old)' to a name that nothing has, such as '\(old)-tmp', then what becomes '\(old)', "
            + "and '\(old)-tmp' to '\(new)' last"
    }

    @Test("belong to data directories, and a stack cannot have had its own name")
    func misplaced() throws {
        let path = #""volumes": [{"path": "/mnt", "target": "/a", "startEmpty": true}]"#
        #expect(
            try MemoryTree(web: path).problems().map { $0.contains("'startEmpty' is for data directories") } == [
                true
            ])
        let stack = try MemoryTree(web: #""init": true"#, more: #""formerly": "acme""#).problems()
        #expect(
            stack == [
                "plan.json:2 /formerly: the stack has this name now; write the name that it had before, or remove 'formerly'"
            ])
    }

    @Test("are in the resolved plan")
    func resolved() throws {
        let plan = try MemoryTree(
            web: #""volumes": [{"data": "a", "target": "/a", "formerly": "b", "startEmpty": true}]"#,
            more: #""formerly": "old""#
        ).resolved().plan
        #expect(plan.formerly == "old")
        #expect(plan.containers["web"]?.volumes.first?.formerly == "b")
        #expect(plan.containers["web"]?.volumes.first?.startEmpty == true)
        #expect(
            plan.formerPlaces == [
                "a": [("acme", "b"), ("old", "b"), ("old", "a")].map { DataPlace(stack: $0.0, name: $0.1) }
            ])
    }
}
