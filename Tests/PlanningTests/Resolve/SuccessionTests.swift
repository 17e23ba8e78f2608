import Foundation
import Model
import Planning
import Testing

@Suite("J10: a host that takes over the stack of another one")
struct SuccessionTests {
    private let plan = """
        {"schemaVersion": 1, "stack": "acme", "version": "1.0.0", "containers": {"web": {"image": "localhost/web:1"}}}
        """

    private func tree(_ hosts: [String: String], plan: String? = nil) -> MemoryTree {
        var files = ["plan.json": plan ?? self.plan]
        for (name, entry) in hosts { files["hosts/\(name).json"] = entry }
        return MemoryTree(files: files)
    }

    private func replacing(_ hosts: [String: String]) -> MemoryTree {
        tree(hosts.mapValues { $0.isEmpty ? "{}" : #"{"replaces": "\#($0)"}"# })
    }

    private func problems(_ tree: MemoryTree) throws -> [String] {
        try PlanResolver(tree: tree, policy: nil).validateAll().map(\.description)
    }

    @Test("is found by the host that it replaces, whether or not that one still has an entry")
    func successor() throws {
        for hosts in [["old": "", "new": "old", "other": ""], ["new": "old"]] {
            let resolver = PlanResolver(tree: replacing(hosts), policy: nil)
            #expect(try resolver.successor(of: "old") == "new")
            #expect(try resolver.successor(of: "new") == nil)
            #expect(try resolver.successor(of: "other") == nil)
            #expect(try resolver.replaced(by: "new") == "old")
            #expect(try resolver.resolve(host: "new").plan.replaces == "old")
        }
    }

    @Test("may be one of a row of moves")
    func row() throws {
        let tree = replacing(["second": "first", "third": "second"])
        #expect(
            try problems(tree) == [
                "hosts/second.json:1 /replaces: warning: host 'first', which is replaced, is not "
                    + "in the repo; it has to be the name under which its backups were made"
            ])
        #expect(try PlanResolver(tree: tree, policy: nil).successor(of: "second") == "third")
    }

    static let wrong: [([String: String], [String])] = [
        (
            ["vsn1": "vsn1"],
            [
                "hosts/vsn1.json:1 /replaces: host 'vsn1' replaces itself; name the host whose stack it "
                    + "takes over, or remove 'replaces'"
            ]
        ),
        (
            ["a": "old", "b": "old", "old": ""],
            ["a", "b"].map {
                "hosts/\($0).json:1 /replaces: 'a', 'b' both replace host 'old'; let one of them take over its stack, "
                    + "and remove 'replaces' from the others"
            }
        ),
        (
            ["a": "b", "b": "a"],
            ["a", "b"].map {
                "hosts/\($0).json:1 /replaces: the hosts 'a', 'b' replace each other; remove 'replaces' from the entry "
                    + "of the host that is to give its stack away"
            }
        ),
        (
            ["a": "b", "b": "c", "c": "a"],
            ["a", "b", "c"].map {
                "hosts/\($0).json:1 /replaces: the hosts 'a', 'b', 'c' replace each other; remove 'replaces' from the "
                    + "entry of the host that is to give its stack away"
            }
        ),
    ]

    @Test("is refused where it is not clear who gives and who takes, with what to do", arguments: wrong)
    func refusals(hosts: [String: String], expected: [String]) throws {
        let tree = replacing(hosts)
        #expect(try problems(tree) == expected)
        // The old host, which may have no entry of its own, runs on.
        for old in Set(hosts.values) where !old.isEmpty {
            #expect(throws: PlanProblems.self) { try PlanResolver(tree: tree, policy: nil).successor(of: old) }
        }
    }

    @Test("is told when the name it replaces is in no entry, with one that was meant")
    func unknown() throws {
        #expect(
            try problems(replacing(["berlin": "hamburk", "hamburg": ""])) == [
                "hosts/berlin.json:1 /replaces: warning: host 'hamburk', which is replaced, is not in the repo; did you "
                    + "mean 'hamburg'? it has to be the name under which its backups were made"
            ])
    }

    @Test("is written in its own entry, not for all hosts")
    func everywhere() throws {
        let shared = plan.replacingOccurrences(of: #""version""#, with: #""replaces": "old", "version""#)
        let found = try problems(tree(["new": "{}"], plan: shared))
        #expect(found.count == 1 && found[0].hasPrefix("plan.json:1 /replaces: 'replaces' is written for all hosts; "))
    }

    @Test("an entry that is no JSON replaces nothing, and does not keep others from their work")
    func broken() throws {
        let tree = tree(["new": "{", "old": "{}"])
        #expect(try PlanResolver(tree: tree, policy: nil).successor(of: "old") == nil)
        #expect(try PlanResolver(tree: tree, policy: nil).resolve(host: "old").plan.host == "old")
    }
}
