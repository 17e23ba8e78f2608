import TestSupport
import Testing

@testable import Model
@testable import Planning

@Suite("T2: what a rule on changes is about")
struct ChangeRuleTests {
    @Test(
        "paths: a directory stands for what is below it, '*' for no '/', '**' for any directories",
        arguments: [
            ("plan.json", "plan.json", true), ("plan.json", "files/plan.json", false),
            ("hosts", "hosts/vsn1.json", true), ("hosts/", "hosts/a/b", true), ("hosts", "hosts2/a", false),
            ("hosts/*.json", "hosts/vsn1.json", true), ("hosts/*.json", "hosts/a/b.json", false),
            ("files/**", "files/a/b/c", true), ("files/**/secret", "files/secret", true),
            ("files/**/secret", "files/a/b/secret", true), ("files/**/secret", "files/a/secrets", false),
            ("**/x.conf", "x.conf", true), ("**/x.conf", "a/x.conf", true), ("**", "a", true),
            ("vsn?", "vsn1", true), ("vsn?", "vsn", false), ("a/b", "a", false),
        ])
    func paths(pattern: String, path: String, covers: Bool) {
        #expect(PathPattern(pattern).covers(path) == covers)
    }

    @Test(
        "pointers: '*' is one part, and what lies below is covered",
        arguments: [
            ("/backup", "/backup/schedule", true), ("/backup", "/backups", false),
            ("/containers/*/image", "/containers/web/image/reference", true),
            ("/containers/*/image", "/containers/web/images", false), ("/containers/*/image", "/containers/web", false),
            ("/containers/a~1b", "/containers/a~1b/image", true), ("/containers/a", "/containers/a~1b", false),
        ])
    func pointers(pattern: String, pointer: String, covers: Bool) {
        #expect(PlanPattern(pattern).covers(pointer) == covers)
    }

    @Test(
        "a rule binds a place by its name in the plan, whatever the host calls what it makes of it",
        arguments: [
            ("/host", true), ("/host/hosts", true), ("/containers/*/health/http", true),
            ("/containers/*/volumes/*/path", true), ("/containers/*/ports", true),
            ("/backup/targets/*/directory", true),
            ("/hotfixes", true), ("/mail", false), ("/containers/*/command", false), ("/containers/other", false),
        ])
    func planNames(pattern: String, isTouched: Bool) throws {
        let old = MemoryTree(web: #""health": "none""#, more: #""backup": "none", "mail": "none""#)
        let new = MemoryTree(
            web: #"""
                "health": {"http": {"port": 80, "path": "/"}}, "ports": ["80:80"],
                "volumes": [{"path": "/mnt/x", "target": "/x"}]
                """#,
            more: #"""
                "host": {"hosts": {"10.0.0.9": ["git.example.com"]}}, "mail": "none",
                "hotfixes": {"web": "registry.example.com/acme/web:1.0.1"},
                "backup": {"recipients": ["age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq"],
                  "targets": {"a": {"directory": "/mnt/a"}}}
                """#)
        let pointers = ChangeSet.pointers(from: try comparable(old), to: try comparable(new))
        let rule = ChangeRule(plan: [pattern], threshold: 2)
        #expect((rule.example(in: ChangeSet(pointers: pointers)) != nil) == isTouched, "\(pointers.sorted())")
    }

    private func comparable(_ tree: MemoryTree) throws -> ComparablePlan {
        try PlanResolver(tree: tree, policy: nil).comparable(host: "berlin")
    }

    @Test(
        "a rule that wants more persons than may sign can never be met",
        arguments: [
            (ChangeRule(paths: ["a"], signers: ["ada"], threshold: 2), nil, true),
            (ChangeRule(paths: ["a"], signers: ["Ada <ada@x>", "ada@x"], threshold: 2), nil, true),
            (ChangeRule(paths: ["a"], signers: ["ada@x", "grace@x"], threshold: 2), nil, false),
            (ChangeRule(paths: ["a"], signers: ["ada@x", "grace@x"], threshold: 2), ["ada@x"], true),
            (ChangeRule(paths: ["a"], signers: ["ada@x", "grace@x"]), ["ada@x"], false),
            (ChangeRule(paths: ["a"], threshold: 2), ["ada@x"], true),
            (ChangeRule(paths: ["a"], threshold: 2), nil, false),
        ] as [(ChangeRule, Set<String>?, Bool)])
    func unmeetable(rule: ChangeRule, listed: Set<String>?, isFaulty: Bool) {
        #expect((rule.fault(listed: listed) != nil) == isFaulty)
    }

    @Test("a list of ssh names its persons; where one is a pattern nobody knows who is meant")
    func names() {
        let text = "# x\n\n ada@x,Ada@y namespaces=\"git\" ssh-ed25519 A\n\"grace@x\" ssh-ed25519 B\n"
        #expect(SignerNames.persons(inAllowedSigners: text) == ["ada@x", "ada@y", "grace@x"])
        #expect(SignerNames.persons(inAllowedSigners: text + "*@x ssh-ed25519 C\n") == nil)
    }
}
