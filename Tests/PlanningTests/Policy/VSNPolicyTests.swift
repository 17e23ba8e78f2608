import Foundation
import Planning
import Testing

@Suite("What the owner of a VSN lets plans do")
struct VSNPolicyTests {
    private let place = "plan.json:3 /containers/web"

    @Test("without a word of the owner no host path, privilege or further capability is allowed")
    func defaults() throws {
        let tree = MemoryTree(
            web: #"""
                "privileged": true, "volumes": [{"path": "/mnt/share", "target": "/srv"}],
                "capabilities": {"add": ["NET_BIND_SERVICE", "SYS_ADMIN"]}
                """#)
        #expect(
            try tree.problems(policy: VSNPolicy()) == [
                "plan.json:3 /containers/web/privileged: privileged containers are not allowed on this VSN; change the "
                    + #"plan, or 'policy.privileged' in the VSN's configuration: "policy": {"privileged": true}"#,
                "plan.json:3 /containers/web/volumes/0/path: host path '/mnt/share' is not allowed on this VSN; change "
                    + "the plan, or 'policy.allowedHostPaths' in the VSN's configuration: "
                    + #""policy": {"allowedHostPaths": ["/mnt/share"]}"#,
                "plan.json:4 /containers/web/capabilities/add/1: capability 'SYS_ADMIN' is not allowed on this VSN; "
                    + "change the plan, or 'policy.allowedCapabilities' in the VSN's configuration: "
                    + #""policy": {"allowedCapabilities": ["SYS_ADMIN"]}"#,
            ])
        #expect(try tree.problems(policy: nil) == [])
        let generous = VSNPolicy(allowedHostPaths: ["/mnt"], privileged: true)
        #expect(try tree.problems(policy: generous) == [])
    }

    @Test(
        "prefixes cover whole parts only",
        arguments: [
            ("/mnt/share", "/mnt/share", true), ("/mnt/share/", "/mnt/share/a", true), ("/mnt", "/mnt2", false),
            ("/mnt/share", "/mnt", false), ("/", "/etc", true),
        ])
    func hostPaths(allowed: String, path: String, accepted: Bool) throws {
        let tree = MemoryTree(web: #""volumes": [{"path": "\#(path)", "target": "/srv"}]"#)
        #expect(try tree.problems(policy: VSNPolicy(allowedHostPaths: [allowed])).isEmpty == accepted)
    }

    @Test(
        "registries are allowed by host, or by host and path; hotfixes too",
        arguments: [
            (["registry.example.com"], true), (["registry.example.com/acme"], true),
            (["registry.example.com/ac"], false),
            (["registry.example.com.evil.org"], false), (["registry.example"], false), ([], false),
        ])
    func registries(allowed: [String], accepted: Bool) throws {
        let tree = MemoryTree(web: #""user": "1""#)
        #expect(try tree.problems(policy: VSNPolicy(allowedRegistries: allowed)).isEmpty == accepted)
        let hotfix = MemoryTree(
            containers: #""web": {"image": "localhost/web:1"}"#,
            more: #""hotfixes": {"web": "registry.example.com/acme/web:2"}"#)
        let found = try hotfix.problems(policy: VSNPolicy(allowedRegistries: ["localhost"] + allowed))
        #expect(found.isEmpty == accepted)
    }

    @Test(
        "a plan that drops more of the deployed containers than allowed is refused",
        arguments: [(100, 4, true), (50, 2, true), (49, 2, false), (0, 0, true), (0, 1, false), (99, 4, false)])
    func shrink(maximum: Int, dropped: Int, accepted: Bool) throws {
        let names = ["a", "b", "c", "d"]
        let plan = { (names: ArraySlice<String>) in
            ResolvedPlan(
                stack: "acme", version: "1", host: "berlin",
                containers: Dictionary(
                    uniqueKeysWithValues: names.map {
                        ($0, ContainerPlan(image: .build(BuildContext(path: "images/\($0)", contentDigest: ""))))
                    }))
        }
        let problems = VSNPolicy(maximumShrink: maximum)
            .problems(of: plan(names.dropFirst(dropped)), deployed: plan(names[...]))
        #expect(problems.isEmpty == accepted)
        #expect(VSNPolicy(maximumShrink: 0).problems(of: plan([]), deployed: nil) == [])
    }

    @Test(
        "by default half of a stack cannot be dropped at once, and a container of another name is no loss",
        arguments: [
            (["a"], ["b"], true), (["a", "b"], ["a"], false), (["a", "b"], ["c", "d"], true),
            (["a", "b", "c"], ["a", "b"], true), (["a", "b", "c", "d"], ["a", "b"], false),
            (["a", "b", "c", "d", "e"], ["a", "b", "c"], true),
        ])
    func standard(before: [String], after: [String], accepted: Bool) {
        let plan = { (names: [String]) in
            ResolvedPlan(
                stack: "acme", version: "1", host: "berlin",
                containers: Dictionary(
                    uniqueKeysWithValues: names.map {
                        ($0, ContainerPlan(image: .build(BuildContext(path: "images/\($0)", contentDigest: ""))))
                    }))
        }
        #expect(VSNPolicy().problems(of: plan(after), deployed: plan(before)).isEmpty == accepted)
    }

    @Test("the refusal of a shrunken plan names the containers that would go")
    func shrinkWords() throws {
        let deployed = try MemoryTree(
            containers: #""web": {"image": "localhost/web:1"}, "api": {"image": "localhost/api:1"}"#
        ).resolved().plan
        let plan = try MemoryTree(containers: #""web": {"image": "localhost/web:1"}"#).resolved().plan
        let found = VSNPolicy(maximumShrink: 20).problems(of: plan, deployed: deployed).map(\.description)
        #expect(
            found == [
                "plan.json /containers: the plan drops 1 of 2 containers ('api'); a loss of more than 20 percent is not allowed "
                    + "on this VSN; where that is meant, drop them in several commits, or set 'policy.maximumShrink' in "
                    + "the VSN's configuration to 50 until it is deployed"
            ])
    }

    @Test("every key of the configuration may be absent")
    func decoding() throws {
        #expect(try JSONDecoder().decode(VSNPolicy.self, from: Data("{}".utf8)) == VSNPolicy())
        let full = VSNPolicy(
            allowedRegistries: ["a"], allowedHostPaths: ["/b"], privileged: true, allowedCapabilities: ["C"],
            maximumShrink: 5)
        #expect(try JSONDecoder().decode(VSNPolicy.self, from: JSONEncoder().encode(full)) == full)
    }
}
