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
                "plan.json:3 /containers/web/volumes/0/formerly: 'db' is still a data directory of the plan, so 'new' cannot have been it; remove 'formerly', or give the other one another name"
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
