import TestSupport
import Testing

@testable import Model
@testable import Planning

@Suite("T2: a rule binds each key that plan.json can have")
struct ChangedKeysTests {
    private static func comparable(_ tree: MemoryTree) throws -> ComparablePlan {
        try PlanResolver(tree: tree, policy: nil).comparable(host: "berlin")
    }

    private static func changes(_ old: MemoryTree, _ new: MemoryTree) throws -> ChangeSet {
        ChangeSet(pointers: ChangeSet.pointers(from: try comparable(old), to: try comparable(new)))
    }

    /// Every plan has this one, with the same value.
    private static let keys = PlanKey.all().map(\.path).filter { $0 != "/schemaVersion" }

    private static func unbound(_ changes: [ChangeSet]) -> [String] {
        keys.filter { key in
            let rule = ChangeRule(plan: [key], threshold: 2)
            return !changes.contains { rule.example(in: $0) != nil }
        }
    }

    @Test("of each key of the schema, where it gets another value, and where it appears or goes")
    func everyKey() throws {
        let trees = (0...2).map(EveryKeyPlan.tree)
        let values = [try Self.changes(trees[0], trees[1]), try Self.changes(trees[1], trees[2])]
        #expect(Self.unbound(values) == [])
        #expect(Self.unbound(try trees.map { try Self.changes(EveryKeyPlan.least, $0) }) == [])
        #expect(Self.unbound(try trees.map { try Self.changes($0, EveryKeyPlan.least) }) == [])
    }

    private static func tree(_ fields: String = "", overlay: String = "{}", file: String = "") -> MemoryTree {
        MemoryTree(
            containers: """
                "web": {"image": "registry.example.com/acme/web:1", "health": "none"\(fields)},
                "one": {"image": "registry.example.com/acme/one:1", "health": "none"},
                "two": {"image": "registry.example.com/acme/two:1", "health": "none"}
                """, overlay: overlay, files: ["files/a": file])
    }

    @Test(
        "whether a container is active, and what an inactive one says",
        arguments: [
            ("", #", "active": false"#, "/containers/*/active"), (#", "active": false"#, "", "/containers/*/active"),
            (#", "active": false"#, #", "active": false, "user": "1""#, "/containers/web/user"),
        ])
    func inactive(old: String, new: String, key: String) throws {
        let changes = try Self.changes(Self.tree(old), Self.tree(new))
        #expect(ChangeRule(plan: [key]).example(in: changes) != nil, "\(changes.pointers.sorted())")
    }

    @Test("another name in the short form of a key that has a longer one, and not the other form of the same name")
    func shortForms() throws {
        func depending(_ name: String) -> MemoryTree { Self.tree(#", "dependsOn": [\#(name)]"#) }
        let rule = ChangeRule(plan: ["/containers/*/dependsOn/*/container", "/hostKey/*"])
        let other = try Self.changes(depending(#""one""#), depending(#""two""#))
        #expect(rule.example(in: other) == "/containers/web/dependsOn/0/container")
        #expect(rule.example(in: try Self.changes(Self.tree(), depending(#""one""#))) != nil)
        let same = try Self.changes(depending(#""one""#), depending(#"{"container": "one"}"#))
        #expect(same.pointers.isEmpty, "\(same.pointers.sorted())")
        func pinned(_ keys: String) -> MemoryTree { Self.tree(overlay: #"{"hostKey": \#(keys)}"#) }
        let (key, next) = (#""\#(EveryKeyPlan.sshKey)""#, #""\#(EveryKeyPlan.nextKey)""#)
        #expect(rule.example(in: try Self.changes(pinned(key), pinned(next))) == "/hostKey/0")
        #expect(rule.example(in: try Self.changes(pinned(key), Self.tree())) != nil)
        #expect(try Self.changes(pinned(key), pinned("[\(key)]")).pointers.isEmpty)
    }

    @Test("what a file says belongs to its source")
    func contents() throws {
        func tree(_ text: String) -> MemoryTree {
            Self.tree(#", "files": [{"source": "files/a", "target": "/a"}]"#, file: text)
        }
        let changes = try Self.changes(tree("a"), tree("b"))
        #expect(ChangeRule(plan: ["/containers/*/files/*/source"]).example(in: changes) != nil)
        #expect(ChangeRule(plan: ["/containers/*/files/*/target"]).example(in: changes) == nil)
    }
}
