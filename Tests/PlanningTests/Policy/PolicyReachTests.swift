import Testing

@testable import Model
@testable import Planning

/// T1: what a key of the plan can reach is declared, and beyond the containers the host's own policy has a verdict on it.
@Suite("How far the keys of the plan reach")
struct PolicyReachTests {
    private static let keys = PlanKey.all()
    private static let reaching = keys.filter { $0.reach != .container }

    @Test("every key of the plan's schema says how far it reaches")
    func words() {
        #expect(Self.keys.count > 100)
        #expect(Self.keys.filter { $0.reach == nil }.map(\.path) == [])
    }

    @Test("every key that reaches beyond the containers has a verdict of the policy, and there is no rule for others")
    func rules() {
        let judged = PolicyRule.all.flatMap(\.keys)
        #expect(judged.sorted() == Self.reaching.map(\.path).sorted())
    }

    @Test(
        "the verdict on a key refuses it where the owner allows nothing, and accepts it where he trusts",
        arguments: reaching)
    func verdicts(key: PlanKey) throws {
        let rule = try #require(PolicyRule.all.first { $0.keys.contains(key.path) })
        let fragment = try #require(Self.fragments[key.path], "write a part of a plan that has '\(key.path)'")
        let tree = MemoryTree(
            containers: fragment.containers, more: fragment.more, files: ["images/web/Containerfile": ""])
        let plan = try tree.resolved().plan
        let refused = rule.problems(.nothing, plan)
        #expect(!refused.isEmpty)
        for problem in refused { #expect(problem.hint.contains(/"(policy|remotes)": {/), "\(problem)") }
        var trusting = VSNPolicy(profile: .trusted)
        trusting.ownRemotes = ["offsite"]
        #expect(rule.problems(trusting, plan) == [])
        let plain = MemoryTree(containers: #""web": {"image": "localhost/web:1", "capabilities": {"add": ["CHOWN"]}}"#)
        let allowed = rule.keys.contains("/hotfixes") ? VSNPolicy(allowedRegistries: ["localhost"]) : .nothing
        #expect(rule.problems(allowed, try plain.resolved().plan) == [])
    }

    @Test("a new key without a word of its reach is found, also in a list, a map or one of several forms")
    func unknown() throws {
        let schema = """
            {"type": "object", "properties": {
              "a": {"type": "string", "x-reach": "root"},
              "b": {"type": "array", "items": {"type": "object", "properties": {"c": {"type": "string"}}}},
              "d": {"additionalProperties": {"oneOf": [{"type": "string"},
                {"type": "object", "properties": {"e": {"x-reach": "container"}, "f": {"x-reach": "everything"}}}]}}}}
            """
        let found = try PlanKey.all(of: JSONSchema(Array(schema.utf8)))
        #expect(found.map(\.path) == ["/a", "/b/*/c", "/d/*/e", "/d/*/f"])
        #expect(found.map(\.reach) == [.root, nil, .container, nil])
    }

    private struct Fragment {
        var containers = #""web": {"image": "localhost/web:1"}"#
        var more = ""

        static func container(_ fields: String) -> Self {
            Self(containers: #""web": {"image": "registry.example.com/web:1", \#(fields)}"#)
        }

        static func image(_ image: String) -> Self { Self(containers: #""web": {"image": \#(image)}"#) }

        static func host(_ fields: String) -> Self { Self(more: #""host": {\#(fields)}"#) }

        static func backup(_ target: String, vendor: String = "") -> Self {
            Self(
                more: #"""
                    "backup": {"recipients": ["age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq"],
                      "targets": {"a": \#(target)}\#(vendor)}
                    """#)
        }

        private static let vendorKey =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f vendor"

        static func vendor(_ fields: String) -> Self {
            backup(
                #"{"directory": "/mnt/a"}"#,
                vendor: #", "vendor": {\#(fields), "signers": ["\#(vendorKey)"]}"#)
        }
    }

    private static let mount = Fragment.backup(
        #"{"mount": {"type": "nfs", "source": "nas:/export", "options": ["vers=4.2"]}}"#)
    private static let digest = String(repeating: "0a", count: 32)

    private static let fragments: [String: Fragment] = [
        "/registries": Fragment(
            more: #""registries": {"a.example.com": {"username": "a", "password": "${secret:a}"}}"#),
        "/hotfixes": Fragment(more: #""hotfixes": {"web": "registry.example.com/web:2"}"#),
        "/network/subnet": Fragment(more: #""network": {"subnet": "10.89.7.0/24"}"#),
        "/network/subnets": Fragment(more: #""network": {"subnets": ["10.89.7.0/24", "fd00:89::/64"]}"#),
        "/maintenance/cleanup/keep": Fragment(
            more: #""maintenance": {"cleanup": {"schedule": "30 3 * * *", "keep": "1s"}}"#),
        "/mail/smtp": Fragment(
            more: #""mail": {"from": "a@example.com", "to": ["b@example.com"], "smtp": "smtps://mail.example.com"}"#),
        "/containers/*/image": .image(#""registry.example.com/web:1""#),
        "/containers/*/image/archive": .image(#"{"archive": "file:///srv/web.tar", "sha256": "\#(digest)"}"#),
        "/containers/*/image/build": .image(#"{"build": "images/web"}"#),
        "/containers/*/volumes/*/path": .container(#""volumes": [{"path": "/mnt/share", "target": "/srv"}]"#),
        "/containers/*/ports": .container(#""ports": ["8080:80"]"#),
        "/containers/*/privileged": .container(#""privileged": true"#),
        "/containers/*/capabilities/add": .container(#""capabilities": {"add": ["SYS_ADMIN"]}"#),
        "/host/hostname": .host(#""hostname": "vsn1""#),
        "/host/timezone": .host(#""timezone": "Etc/UTC""#),
        "/host/hosts": .host(#""hosts": {"192.0.2.5": ["db"]}"#),
        "/host/dns/servers": .host(#""dns": {"servers": ["192.0.2.53"]}"#),
        "/host/dns/search": .host(#""dns": {"servers": ["192.0.2.53"], "search": ["example.com"]}"#),
        "/logs/maximum": Fragment(more: #""logs": {"maximum": "2GiB"}"#),
        "/host/sysctl": .host(#""sysctl": {"vm.swappiness": "1"}"#),
        "/backup/targets/*/directory": .backup(#"{"directory": "/mnt/a"}"#),
        "/backup/targets/*/local": .backup(#"{"directory": "/mnt/a", "local": true}"#),
        "/backup/targets/*/rclone": .backup(#"{"rclone": {"type": "s3", "provider": "Other"}, "path": "a"}"#),
        "/backup/targets/*/remote": .backup(#"{"remote": "offsite", "path": "a"}"#),
        "/backup/targets/*/mount/type": mount, "/backup/targets/*/mount/source": mount,
        "/backup/targets/*/mount/options": mount,
        "/backup/vendor/directory": .vendor(#""directory": "/mnt/vendor""#),
        "/backup/vendor/local": .vendor(#""directory": "/mnt/vendor", "local": true"#),
        "/backup/vendor/remote": .vendor(#""remote": "offsite""#),
        "/backup/vendor/rclone": .vendor(#""rclone": {"type": "s3", "provider": "Other"}"#),
    ]
}

extension VSNPolicy {
    /// Of an owner who allows nothing that can be forbidden.
    static var nothing: Self {
        var policy = VSNPolicy(
            allowedRegistries: [], allowedHostSettings: ["sysctl"], allowedSysctls: [], allowedMounts: [])
        policy.backupDirectories = []
        policy.allowedStorages = []
        policy.allowedPorts = []
        policy.allowedSubnets = []
        policy.allowedMailServers = []
        policy.minimumLogRetention = .seconds(365 * 86_400)
        return policy
    }
}
