import Foundation
import Testing

@testable import Model
@testable import Planning

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
        "below a directory that a container can write, only that directory itself is mounted",
        arguments: [
            ("/mnt/share", false, "/mnt/share/a", false), ("/mnt/share", true, "/mnt/share/a", true),
            ("/mnt/share", false, "/mnt/share", true), ("/mnt/share/a", false, "/mnt/share", true),
            ("/mnt/shar", false, "/mnt/share/a", true), ("/", false, "/mnt/share", false),
        ])
    func nestedHostPaths(written: String, readOnly: Bool, path: String, accepted: Bool) throws {
        let tree = MemoryTree(
            containers: """
                "jobs": {"image": "localhost/jobs:1",
                  "volumes": [{"path": "\(written)", "target": "/a", "readOnly": \(readOnly)}]},
                "web": {"image": "localhost/web:1",
                  "volumes": [{"path": "\(path)", "target": "/srv", "readOnly": true}]}
                """)
        let found = try tree.problems(policy: VSNPolicy(profile: .trusted))
        #expect(found.isEmpty == accepted, "\(found)")
        #expect(accepted || found.contains { $0.contains("lies below '\(written)', which container 'jobs' can write") })
    }

    @Test("what lies in a data directory is not mounted by its path")
    func insideData() throws {
        for (path, accepted) in [("/srv/fairlead/acme/web/sub", false), ("/srv/fairlead/acme/web", true)] {
            let tree = MemoryTree(web: #""volumes": [{"path": "\#(path)", "target": "/srv"}]"#)
            #expect(try tree.problems(policy: VSNPolicy(profile: .trusted)).isEmpty == accepted)
        }
    }

    @Test(
        "where registries are named, archives and builds are let in only by a word of their own",
        arguments: [
            (#"{"archive": "https://files.example.com/web.tar", "sha256": "DIGEST"}"#, "images.archives"),
            (#"{"archive": "ssh://files.example.com/web.tar", "sha256": "DIGEST"}"#, "images.archives"),
            (#"{"build": "images/web"}"#, "builds"),
        ])
    func otherSources(image: String, setting: String) throws {
        let image = image.replacing("DIGEST", with: String(repeating: "0a", count: 32))
        let tree = MemoryTree(containers: #""web": {"image": \#(image)}"#, files: ["images/web/Containerfile": ""])
        #expect(try tree.problems(policy: VSNPolicy()) == [])
        for profile in [PolicyProfile.strict, .trusted] {
            var policy = VSNPolicy(profile: profile, allowedRegistries: ["registry.example.com"])
            let found = try tree.problems(policy: policy)
            #expect(found.count == 1 && found.contains { $0.contains("'policy.\(setting)'") }, "\(found)")
            policy.images.archives = ["https://files.example.com", "ssh://files.example.com/"]
            policy.builds = .isolated
            #expect(try tree.problems(policy: policy) == [])
        }
    }

    @Test(
        "an archive lies below an address that is allowed, and files of the host are allowed by name only",
        arguments: [
            ("https://files.example.com/acme/web.tar", ["https://files.example.com/acme"], true),
            ("https://files.example.com.evil.org/web.tar", ["https://files.example.com"], false),
            ("file:///srv/images/web.tar", nil, false), ("file:///srv/images/web.tar", ["file:///srv/images"], true),
            ("file:///srv/images/../secret", ["file:///srv/images"], false),
            ("https://files.example.com/acme/%2e%2e/b", ["https://files.example.com/acme"], false),
            ("file:///srv/web.tar", ["file:///srv/images"], false), ("https://a.example.com/b", nil, true),
        ])
    func archives(url: String, allowed: [String]?, accepted: Bool) {
        var policy = VSNPolicy()
        policy.images.archives = allowed
        #expect(policy.accepts(archive: url) == accepted)
    }

    @Test(
        "backups go below directories that are allowed, and never to what is the host's own",
        arguments: [
            ("/mnt/nas/acme", true), ("/media/disk", true), ("/mnt", true), ("/backup/acme", false), ("/mntx", false),
            ("/etc/cron.d", false), ("/", false), ("/srv/fairlead/acme/web", false), ("/srv", false),
            ("/var/lib/fairlead", false), ("/usr/local/bin", false), ("/root/.ssh", false), ("/boot", false),
            ("/var/lib", false), ("/mnt//../etc", false),
        ])
    func directories(path: String, accepted: Bool) throws {
        let key = "age1dk4vwmketjs3e5jcx7e9ztgwudqxur3alzwcv9pmga4343p003sqpdlk5u"
        for local in ["true", "false"] {
            let target = #"{"directory": "\#(path)", "local": \#(local)}"#
            let backup = #"{"recipients": ["\#(key)"], "targets": {"a": \#(target)}}"#
            let tree = MemoryTree(web: #""stopTimeout": "5s""#, more: #""backup": \#(backup)"#)
            #expect(try tree.problems(policy: VSNPolicy()).isEmpty == accepted)
            let trusted = try tree.problems(policy: VSNPolicy(profile: .trusted))
            #expect(trusted.isEmpty == (accepted || ["/backup/acme", "/mntx"].contains(path)), "\(trusted)")
        }
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
                    + "on this VSN; where that is meant, drop them in several commits, each deployed before the next, or set "
                    + "'policy.maximumShrink' in the VSN's configuration to 50 until it is deployed"
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

@Suite("The policy in words")
struct PolicyWordTests {
    @Test("what is in force is told, whether it was written or comes from the profile")
    func words() {
        var policy = VSNPolicy(allowedRegistries: ["registry.example.com"], allowedHostPaths: ["/mnt/share"])
        policy.ownRemotes = ["offsite"]
        #expect(
            policy.words == [
                "'strict'; images: registries 'registry.example.com', no archives, builds off, annotations that describe them",
                "host: paths '/mnt/share', privileged no, capabilities none, user namespaces as the plan says, "
                    + "settings 'dns', 'hostname', 'hosts', 'logs', 'sysctl', 'timezone', kernel parameters without the power of root, within bounds, log kept 7d at least",
                "backups: directories below '/media', '/mnt', storages of every type that a plan may write, own remotes "
                    + "'offsite', shares all",
                "network: ports all, subnets in '10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', "
                    + "'fc00::/7', mail servers all",
            ])
        let trusted = VSNPolicy(profile: .trusted).words.joined(separator: "\n")
        for word in ["'trusted'", "every archive", "builds host", "paths '/'", "privileged yes"] {
            #expect(trusted.contains(word), "\(word)")
        }
    }
}
