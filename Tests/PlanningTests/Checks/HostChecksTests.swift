import Model
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
        let pattern = try Self.problems(#""sysctl": {"*": "1", "net.*.x": "1"}"#, policy: VSNPolicy())
        #expect(pattern.count == 2 && !pattern.contains { $0.contains("allowedSysctls") }, "\(pattern)")
    }

    @Test(
        "a value that would starve the host is refused with the bound, though the parameter is on the default list",
        arguments: [
            (
                "vm.max_map_count", "65530",
                ["1", "65529", "-1", "0x20000", "0100000", "65530 1", "99999999999999999999"]
            ),
            ("net.core.somaxconn", "128", ["1"]), ("net.core.rmem_max", "212992", ["2304"]),
            ("net.core.wmem_max", "16777216", ["0"]), ("net.core.netdev_max_backlog", "1000", ["1"]),
            ("kernel.shmmax", "18446744073692774399", ["0"]), ("kernel.shmall", "4194304", ["1"]),
            ("kernel.shmmni", "4096", ["0"]), ("kernel.sem", "250 32000 32 128", ["0 0 0 0", "250 32000 32 1", "250"]),
            ("vm.overcommit_memory", "1", ["2"]), ("vm.swappiness", "0", ["200"]),
            ("vm.dirty_ratio", "40", ["0", "100"]), ("vm.dirty_background_ratio", "1", ["0"]),
            ("vm.dirty_bytes", "629145600", ["4096", "1000000000000"]),
            ("vm.dirty_background_bytes", "67108864", ["0"]), ("vm.dirty_expire_centisecs", "500", ["360000"]),
            ("vm.dirty_writeback_centisecs", "1500", ["0"]), ("fs.aio-max-nr", "1048576", ["0"]),
            ("fs.inotify.max_user_instances", "128", ["0"]), ("fs.inotify.max_user_watches", "524288", ["1"]),
            ("fs.inotify.max_queued_events", "16384", ["1"]),
            ("net.ipv4.ip_local_port_range", "1024 65535", ["40000 40001", "1 65535", "32768", "60999 1024"]),
            ("net.ipv4.tcp_fin_timeout", "15", ["0", "9999"]), ("net.ipv4.tcp_keepalive_time", "60", ["1"]),
            ("net.ipv4.tcp_keepalive_intvl", "10", ["1"]), ("net.ipv4.tcp_keepalive_probes", "3", ["1"]),
            ("net.ipv4.tcp_max_syn_backlog", "8192", ["1"]),
            ("net.ipv4.tcp_rmem", "4096\t87380 6291456", ["1 1 1", "4096 87380", "4096 1073741824 1073741824"]),
            ("net.ipv4.tcp_wmem", "4096 16384 4194304", ["4096 16384 4096"]),
        ] as [(String, String, [String])])
    func sysctlBounds(name: String, good: String, bad: [String]) throws {
        let host = { (value: String) in "\"sysctl\": {\"\(name)\": \"\(value.replacing("\t", with: "  "))\"}" }
        #expect(try Self.problems(host(good), policy: VSNPolicy()) == [])
        for value in bad {
            let found = try Self.problems(host(value), policy: VSNPolicy())
            #expect(
                found.count == 1 && found[0].contains("kernel parameter '\(name)' as '\(value)', where"), "\(found)")
            #expect(found.first?.hasSuffix("\"vm.swappiness\", \"\(name)=*\"]}") == true, "\(found)")
            let proposed = VSNPolicy(allowedSysctls: VSNPolicy.harmlessSysctls + ["\(name)=*"])
            #expect(try Self.problems(host(value), policy: proposed) == [])
            #expect(try Self.problems(host(value), policy: VSNPolicy(profile: .trusted)) == [])
        }
    }

    @Test("the bounds of one parameter are lifted for it alone, also by an owner whose list holds the default one")
    func sysctlBoundsOfOthers() throws {
        let host = #""sysctl": {"net.core.somaxconn": "1", "vm.max_map_count": "1"}"#
        let list = VSNPolicy.harmlessSysctls + ["kernel.pid_max"]
        #expect(try Self.problems(host, policy: VSNPolicy(allowedSysctls: list)).count == 2)
        let found = try Self.problems(host, policy: VSNPolicy(allowedSysctls: list + ["vm.max_map_count=*"]))
        #expect(
            found.count == 1 && found[0].contains("'net.core.somaxconn' as '1', where the whole host needs 128 or more")
        )
        #expect(try Self.problems(host, policy: VSNPolicy(allowedSysctls: ["vm.max*", "net.core.*"])) == [])
    }

    @Test("systemd's journal is bounded by no less than a host needs, and without 'logs' left alone")
    func journal() throws {
        func tree(_ more: String) -> MemoryTree {
            MemoryTree(containers: #""web": {"image": "registry.example.com/web:1.0.0"}"#, overlay: "{\(more)}")
        }
        #expect(try tree("").resolved().plan.hostSettings == nil)
        #expect(
            try tree(#""logs": {"maximum": "2GiB"}"#).resolved().plan.hostSettings
                == HostSettings(logs: LogSettings(maximum: ByteCount(bytes: 2 << 30))))
        #expect(
            try tree(#""logs": {"maximum": "255MiB"}"#).problems(policy: nil) == [
                "hosts/berlin.json:1 /logs/maximum: a journal of '255MiB' is too little for a host; write at least '256MiB'"
            ])
    }

    @Test("the owner of the VSN can keep the limits of systemd's journal to himself")
    func journalPolicy() throws {
        let tree = MemoryTree(
            containers: #""web": {"image": "registry.example.com/web:1.0.0"}"#,
            overlay: #"{"logs": {"maximum": "2GiB"}}"#)
        #expect(try tree.problems(policy: VSNPolicy()) == [])
        let found = try tree.problems(policy: VSNPolicy(allowedHostSettings: ["dns"]))
        #expect(
            found.count == 1 && found[0].contains("/logs: the setting 'logs' of the host is not allowed")
                && found[0].contains(#""policy": {"allowedHostSettings": ["dns", "logs"]}"#), "\(found)")
    }

    @Test("the owner of the VSN can keep each key of the section to himself")
    func keyPolicy() throws {
        let host = #"""
            "hostname": "vsn1", "timezone": "Etc/UTC", "hosts": {"192.0.2.5": ["db"]},
            "dns": {"servers": ["192.0.2.53"]}, "sysctl": {"vm.swappiness": "1"}
            """#
        let found = try Self.problems(host, policy: VSNPolicy(allowedHostSettings: []))
        #expect(found.count == 5)
        for key in VSNPolicy.hostSettings where key != "logs" {
            #expect(found.contains { $0.contains("/host/\(key): the setting '\(key)' of the host is not allowed") })
            let rest = try Self.problems(host, policy: VSNPolicy(allowedHostSettings: [key]))
            #expect(rest.count == 4 && !rest.contains { $0.contains("/host/\(key):") })
        }
    }
}
