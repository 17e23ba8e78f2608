import Testing

@Suite("What is checked across a plan")
struct StackChecksTests {
    private func problems(containers: String, more: String = "", overlay: String = "{}") throws -> [String] {
        try MemoryTree(containers: containers, more: more, overlay: overlay).problems()
    }

    private static func container(_ name: String, _ fields: String = "") -> String {
        #""\#(name)": {"image": "registry.example.com/\#(name):1.0.0"\#(fields.isEmpty ? "" : ", " + fields)}"#
    }

    @Test("an unknown, own or inactive dependency is an error with a suggestion")
    func dependencies() throws {
        let found = try problems(
            containers: """
                \(Self.container("web", #""dependsOn": ["web", "databse", "cache", "nothing-like-it"]"#)),
                \(Self.container("database")),
                \(Self.container("cache", #""active": false"#))
                """)
        #expect(
            found == [
                "plan.json:3 /containers/web/dependsOn/0: 'web' depends on itself; remove it from 'dependsOn'",
                "plan.json:3 /containers/web/dependsOn/1: 'web' depends on 'databse', which is no container; did you "
                    + "mean 'database'?",
                "plan.json:3 /containers/web/dependsOn/2: 'web' depends on 'cache', which is not active; activate "
                    + "'cache', or remove it from 'dependsOn'",
                "plan.json:3 /containers/web/dependsOn/3: 'web' depends on 'nothing-like-it', which is no container; "
                    + "the containers are 'database', 'web'",
            ])
    }

    @Test("a dependency cycle is printed")
    func cycle() throws {
        let found = try problems(
            containers: """
                \(Self.container("a", #""dependsOn": ["b"]"#)),
                \(Self.container("b", #""dependsOn": ["c"]"#)),
                \(Self.container("c", #""dependsOn": ["a"]"#)),
                \(Self.container("d", #""dependsOn": ["a"]"#))
                """)
        #expect(
            found == [
                "plan.json:3 /containers/a/dependsOn: containers wait for each other: a -> b -> c -> a; remove one of "
                    + "these dependencies"
            ])
    }

    @Test("two containers cannot publish one port or write one data directory")
    func clashes() throws {
        let volume = #""volumes": [{"data": "shared", "target": "/data"}]"#
        let found = try problems(
            containers: """
                \(Self.container("a", #""ports": ["80:8080"], \#(volume)"#)),
                \(Self.container("b", #""ports": ["127.0.0.1:80:80"], \#(volume)"#)),
                \(Self.container("c", #""volumes": [{"data": "shared", "target": "/d", "mode": "0750", "readOnly": true}]"#))
                """)
        #expect(
            found == [
                "plan.json:4 /containers/b/ports/0: port '127.0.0.1:80:80' clashes with '80:8080' of 'a'; publish one "
                    + "of them on another port of the host",
                "plan.json:4 /containers/b/volumes/0/data: data directory 'shared' is written by 'a' and 'b'; give each "
                    + "its own, or set 'readOnly' on all but one",
                "plan.json:5 /containers/c/volumes/0: data directory 'shared' has another owner or mode in 'a'; write "
                    + "the same 'owner' and 'mode' in both",
                "plan.json:5 /containers/c/volumes/0: data directory 'shared' has another owner or mode in 'b'; write "
                    + "the same 'owner' and 'mode' in both",
            ])
    }

    @Test("one writer and readers may share a data directory")
    func sharedData() throws {
        let found = try problems(
            containers: """
                \(Self.container("a", #""volumes": [{"data": "shared", "target": "/data"}]"#)),
                \(Self.container("b", #""volumes": [{"data": "shared", "target": "/data", "readOnly": true}]"#)),
                \(Self.container("c", #""volumes": [{"data": "shared", "target": "/data", "readOnly": true}]"#))
                """)
        #expect(found == [])
    }

    @Test("a plan without an active container is refused")
    func emptyPlan() throws {
        #expect(
            try problems(containers: Self.container("web", #""active": false"#)) == [
                "plan.json:3 /containers: the plan has no active container; add or activate one; to take the stack "
                    + "down use 'fairlead teardown'"
            ])
    }

    @Test("hotfixes name active containers (S2)")
    func hotfixes() throws {
        let image = "registry.example.com/x:1.0.0-hf1"
        let found = try problems(
            containers: "\(Self.container("web")), \(Self.container("old", #""active": false"#))",
            more: #""hotfixes": {"wep": "\#(image)", "old": "\#(image)", "web": "nginx:1.27"}"#)
        #expect(
            found == [
                "plan.json:2 /hotfixes/old: the hotfix is for 'old', which is not active; activate it, or remove the "
                    + "hotfix",
                "plan.json:2 /hotfixes/web: image 'nginx:1.27' names no registry; write 'docker.io/library/nginx:1.27'",
                "plan.json:2 /hotfixes/wep: the hotfix is for 'wep', which is no container; did you mean 'web'?",
            ])
    }

    @Test(
        "the subnet is a network, has room, and should be private",
        arguments: [
            ("10.89.7.0", "'10.89.7.0' is not a subnet; write a network and its length, such as '10.89.7.0/24'"),
            ("10.89.7.0/33", "'10.89.7.0/33' is not a subnet; write a network and its length, such as '10.89.7.0/24'"),
            ("10.89.7.5/24", "'10.89.7.5/24' is an address inside a subnet; write '10.89.7.0/24'"),
            ("fd00::1/64", "'fd00::1/64' is an address inside a subnet; write 'fd00::/64'"),
            (
                "10.89.7.0/31",
                "subnet '10.89.7.0/31' has no room for 1 containers and a gateway; choose a shorter length, such as '/24'"
            ),
            (
                "8.8.8.0/24",
                "warning: subnet '8.8.8.0/24' is not private: the hosts there become unreachable; choose one of "
                    + "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or fc00::/7"
            ),
        ])
    func subnet(_ subnet: String, problem: String) throws {
        let found = try problems(
            containers: Self.container("web"), more: #""network": {"subnet": "\#(subnet)"}"#)
        #expect(found == ["plan.json:2 /network/subnet: \(problem)"])
    }

    @Test(
        "private subnets raise nothing", arguments: ["10.89.7.0/24", "172.31.0.0/16", "100.64.0.0/30", "fd00:1::/64"])
    func privateSubnet(_ subnet: String) throws {
        #expect(
            try problems(containers: Self.container("web"), more: #""network": {"subnet": "\#(subnet)"}"#) == [])
    }

    @Test(
        "a port is published by the families that the network has",
        arguments: [
            (#"{}"#, "[::1]:80:80", "IPv6"), (#"{"subnet": "10.89.7.0/24"}"#, "[::1]:80:80", "IPv6"),
            (#"{"subnet": "fd00:89::/64"}"#, "127.0.0.1:80:80", "IPv4"),
            (#"{"subnets": ["fd00:89::/64"]}"#, "0.0.0.0:80:80", "IPv4"), (#"{"ipv6": true}"#, "[::1]:80:80", nil),
            (#"{"subnet": "10.89.7.0/24", "ipv6": true}"#, "[::]:80:80", nil),
            (#"{"subnets": ["10.89.7.0/24", "fd00:89::/64"]}"#, "[::1]:80:80", nil),
            (#"{"subnet": "fd00:89::/64"}"#, "80:80", nil), (#"{"subnets": ["10.89.7.0/24"]}"#, "127.0.0.1:80:80", nil),
        ])
    func families(_ network: String, port: String, lacks family: String?) throws {
        let container = #""web": {"image": "registry.example.com/web:1", "ports": ["\#(port)"]}"#
        let found = try problems(containers: container, more: #""network": \#(network)"#)
        #expect(found.count == (family == nil ? 0 : 1), "\(found)")
        if let family, let first = found.first {
            let words = "'\(port)' is published by \(family), which the stack's network has not"
            #expect(first.contains(words), "\(first)")
        }
    }

    @Test(
        "a network names one subnet of each family, once",
        arguments: [
            (#"{"subnets": ["10.1.0.0/24", "10.2.0.0/24"]}"#, "'10.2.0.0/24' is a second subnet of IPv4"),
            (#"{"subnets": ["fd00:1::/64", "fd00:2::/64"]}"#, "'fd00:2::/64' is a second subnet of IPv6"),
            (#"{"subnet": "10.1.0.0/24", "subnets": ["fd00:1::/64"]}"#, "'subnet' and 'subnets' say the same"),
            (#"{"subnets": ["10.1.0.5/24"]}"#, "'10.1.0.5/24' is an address inside a subnet"),
        ])
    func subnets(_ network: String, problem: String) throws {
        let found = try problems(containers: Self.container("web"), more: #""network": \#(network)"#)
        #expect(found.count == 1 && found.first?.contains(problem) == true, "\(found)")
    }

    @Test("a login for a registry that no image comes from is a warning")
    func registries() throws {
        let found = try problems(
            containers: Self.container("web"),
            more: #""registries": {"registry.exmaple.com": {"username": "a", "password": "${secret:a}"}}"#)
        #expect(
            found == [
                "plan.json:2 /registries/registry.exmaple.com: warning: no image comes from registry "
                    + "'registry.exmaple.com'; did you mean 'registry.example.com'?"
            ])
    }

    @Test("stack and container name together fit into 63 characters")
    func longNames() throws {
        let long = String(repeating: "c", count: 41)
        let stack = String(repeating: "s", count: 22)
        func tree(_ stack: String) -> MemoryTree {
            let plan =
                #"{"schemaVersion": 1, "stack": "\#(stack)", "version": "1", "containers": {\#(Self.container(long))}}"#
            return MemoryTree(files: ["plan.json": plan, "hosts/berlin.json": "{}"])
        }
        #expect(
            try tree(stack).problems() == [
                "plan.json:1 /containers/\(long): '\(stack)-\(long)' is longer than 63 characters; shorten the name of "
                    + "the container or of the stack"
            ])
        #expect(try tree(String(stack.dropLast())).problems() == [])
    }

    @Test(
        "a name that engines have for networks of their own is refused before anything stops",
        arguments: ["host", "podman"])
    func namesOfEngines(stack: String) throws {
        let plan =
            #"{"schemaVersion": 1, "stack": "\#(stack)", "version": "1", "containers": {\#(Self.container("web"))}}"#
        let found = try MemoryTree(files: ["plan.json": plan, "hosts/berlin.json": "{}"]).problems()
        #expect(
            found == [
                "plan.json:1 /stack: '\(stack)' cannot be the name of a stack: container engines have networks of that "
                    + "name; choose another, such as 'acme'"
            ])
    }

    @Test("the schedules of jobs, mail addresses and mail servers are checked")
    func maintenance() throws {
        let found = try problems(
            containers: Self.container("web"),
            more: """
                "maintenance": {"cleanup": {"schedule": "60 3 * * *", "keep": "14d"},
                "healthcheck": {"schedule": "*/5 * * * *"}},
                "mail": {"from": "vsn", "to": ["ops@acme.example.com"], "smtp": "mail.example.com",
                "username": "vsn", "password": "${secret:mail}"}
                """)
        #expect(
            found == [
                "plan.json:2 /maintenance/cleanup/schedule: '60' is not a minute of a schedule; write '*', numbers from "
                    + "0 to 59, ranges such as '0-3', steps such as '*/2', or a list of them",
                "plan.json:4 /mail/from: 'vsn' is not a mail address; write an address such as 'ops@acme.example.com'",
                "plan.json:4 /mail/smtp: 'smtp' is not the URL of a mail server; write 'smtps://HOST:465', "
                    + "'smtp://HOST:587' or 'smtp+plain://HOST:25'; credentials go to 'username' and 'password'",
            ])
    }
}
