import Planning
import Testing

@Suite("What is checked of the host's settings (J8)")
struct HostChecksTests {
    private static func problems(_ host: String, policy: VSNPolicy? = nil) throws -> [String] {
        try MemoryTree(
            containers: #""web": {"image": "registry.example.com/web:1.0.0"}"#, overlay: #"{"host": {\#(host)}}"#
        ).problems(policy: policy)
    }

    @Test("a full section has no problem")
    func good() throws {
        let host = #"""
            "hostname": "vsn1.acme.example.com", "timezone": "America/Argentina/Buenos_Aires",
            "hosts": {"192.0.2.5": ["db.internal", "db"], "2001:db8::5": ["db.internal"], "127.0.0.1": ["app.internal"]},
            "dns": {"servers": ["192.0.2.53", "2001:db8::53"], "search": ["acme.example.com"]},
            "sysctl": {"vm.max_map_count": "262144", "net.ipv4.tcp_rmem": "4096 87380 6291456"}
            """#
        #expect(try Self.problems(host) == [])
        #expect(try Self.problems(host, policy: VSNPolicy()) == [])
    }

    @Test(
        "each wrong value is an error at its place with what to write instead",
        arguments: [
            ProblemCase(
                #""hostname": "vsn 1""#,
                "/host/hostname: 'vsn 1' is not a host name; use letters, digits and '-' in parts joined by '.', at most "
                    + "64 characters"),
            ProblemCase(
                #""hostname": "192.0.2.1""#,
                "/host/hostname: '192.0.2.1' is not a host name; use letters, digits and '-' in parts joined by '.', at "
                    + "most 64 characters"),
            ProblemCase(
                #""hostname": "LocalHost""#,
                "/host/hostname: 'LocalHost' always means the host itself; choose another name"),
            ProblemCase(
                #""timezone": "../../etc/passwd""#,
                "/host/timezone: '../../etc/passwd' is not a time zone; write a name of the time zone database, such as "
                    + "'Europe/Berlin' or 'Etc/UTC'"),
            ProblemCase(
                #""timezone": "/etc/localtime""#,
                "/host/timezone: '/etc/localtime' is not a time zone; write a name of the time zone database, such as "
                    + "'Europe/Berlin' or 'Etc/UTC'"),
            ProblemCase(
                #""timezone": "localtime""#,
                "/host/timezone: 'localtime' is not a time zone; write a name of the time zone database, such as "
                    + "'Europe/Berlin' or 'Etc/UTC'"),
            ProblemCase(
                #""hosts": {"db.internal": ["192.0.2.5"]}"#,
                "/host/hosts/db.internal: 'db.internal' is not the address of a host; write an IP address such as "
                    + "'192.0.2.5', and its names as the value",
                "/host/hosts/db.internal/0: '192.0.2.5' is not a host name; use letters, digits and '-' in parts joined "
                    + "by '.', at most 64 characters"),
            ProblemCase(
                #""hosts": {"192.0.2.5": ["localhost", "db # x"]}"#,
                "/host/hosts/192.0.2.5/0: 'localhost' always means the host itself; choose another name",
                "/host/hosts/192.0.2.5/1: 'db # x' is not a host name; use letters, digits and '-' in parts joined by "
                    + "'.', at most 64 characters"),
            ProblemCase(
                #""dns": {"servers": ["ns.example.com", "0.0.0.0", "192.0.2.53", "::1", "0::1"]}"#,
                "/host/dns/servers/0: 'ns.example.com' is not the address of a name server; write its IP address, such as "
                    + "'192.0.2.53'",
                "/host/dns/servers/1: '0.0.0.0' is not the address of a name server; write its IP address, such as "
                    + "'192.0.2.53'", "/host/dns/servers/4: name server '0::1' is listed twice; remove one"),
            ProblemCase(
                #""dns": {"servers": ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"]}"#,
                "/host/dns/servers: of 4 name servers the resolver asks only the first 3; list at most 3"),
            ProblemCase(
                #""dns": {"servers": ["192.0.2.53"], "search": ["example.com."]}"#,
                "/host/dns/search/0: 'example.com.' is not a domain; write one such as 'acme.example.com', without a dot at "
                    + "its ends"),
            ProblemCase(
                #""sysctl": {"vm/../kernel.core_pattern": "|/bin/sh"}"#,
                "/host/sysctl/vm~1..~1kernel.core_pattern: 'vm/../kernel.core_pattern' is not a kernel parameter; write its "
                    + "name in dots, such as 'vm.max_map_count'"),
            ProblemCase(
                #""sysctl": {"-vm.swappiness": "10", "swappiness": "10", "net.*.x": "1", "vm..x": "1"}"#,
                "/host/sysctl/net.*.x: 'net.*.x' is not a kernel parameter; write its name in dots, such as "
                    + "'vm.max_map_count'",
                "/host/sysctl/swappiness: 'swappiness' is not a kernel parameter; write its name in dots, such as "
                    + "'vm.max_map_count'",
                "/host/sysctl/vm..x: 'vm..x' is not a kernel parameter; write its name in dots, such as "
                    + "'vm.max_map_count'"),
            ProblemCase(
                #""sysctl": {"vm.swappiness": "1\n2", "vm.max_map_count": " "}"#,
                "/host/sysctl/vm.max_map_count: kernel parameter 'vm.max_map_count' has no value; write one such as "
                    + "'262144'", "/host/sysctl/vm.swappiness: contains the control character U+000A; remove it"),
        ])
    func wrong(example: ProblemCase) throws {
        let found = try Self.problems(example.fields).map {
            $0.replacing("hosts/berlin.json:1 ", with: "").replacing("warning: ", with: "")
        }
        #expect(found == example.problems)
    }

    @Test("kernel parameters that give the power of root are refused unless the owner of the VSN allows them")
    func sysctlPolicy() throws {
        let host = #""sysctl": {"kernel.core_pattern": "|/tmp/x", "vm.dirty_ratio": "10"}"#
        var policy = VSNPolicy()
        policy.allowedSysctls = ["vm.dirty_*"]
        #expect(
            try Self.problems(host, policy: policy) == [
                "hosts/berlin.json:1 /host/sysctl/kernel.core_pattern: kernel parameter 'kernel.core_pattern' is not "
                    + "allowed on this VSN; change the plan, or 'policy.allowedSysctls' in the VSN's configuration: "
                    + #""policy": {"allowedSysctls": ["vm.dirty_*", "kernel.core_pattern"]}"#
            ])
        #expect(try Self.problems(host, policy: VSNPolicy()).count == 1)
        #expect(try Self.problems(host, policy: VSNPolicy(allowedSysctls: ["kernel.*", "vm.dirty_ratio"])) == [])
        #expect(try Self.problems(host, policy: VSNPolicy(allowedSysctls: ["kernel", "vm.dirty"])).count == 2)
    }

    @Test("the owner of the VSN can keep each key of the section to himself")
    func keyPolicy() throws {
        let host = #"""
            "hostname": "vsn1", "timezone": "Etc/UTC", "hosts": {"192.0.2.5": ["db"]},
            "dns": {"servers": ["192.0.2.53"]}, "sysctl": {"vm.swappiness": "1"}
            """#
        let found = try Self.problems(host, policy: VSNPolicy(allowedHostSettings: []))
        #expect(found.count == 5)
        for key in VSNPolicy.hostSettings {
            #expect(found.contains { $0.contains("/host/\(key): the setting '\(key)' of the host is not allowed") })
            let rest = try Self.problems(host, policy: VSNPolicy(allowedHostSettings: [key]))
            #expect(rest.count == 4 && !rest.contains { $0.contains("/host/\(key):") })
        }
    }
}
