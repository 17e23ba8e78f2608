import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "Settings of the host (J8)", .enabled(if: HostNamespace.isAvailable || mustRun, "needs root"),
    .timeLimit(.minutes(5)))
struct HostSettingsTests {
    @Test("all are applied, take effect at once, and stay over a reboot")
    func everything() async throws {
        try await HostNamespace.with { space in
            let words = try await space.host.applyHostSettings(HostNamespace.everything)
            #expect(
                words == [
                    "host entries in '/etc/hosts' written", "name servers in '/etc/resolv.conf' written",
                    "search domains in '/etc/resolv.conf' written", "time zone 'Etc/UTC' -> 'Europe/Berlin'",
                    "'/etc/systemd/journald.conf.d/50-fairlead.conf' written",
                    "host name 'before' -> 'vsn1.acme.example.com'",
                    "kernel parameter net.core.somaxconn '1000' -> '2000'",
                    "kernel parameter net.ipv4.tcp_rmem '4096 131072 6291456' -> '4096 130000 6000000'",
                ])
            let state = try await space.state()
            #expect(state["hostname"] == "vsn1.acme.example.com\n")
            #expect(try content("/etc/hostname") == "vsn1.acme.example.com\n")
            #expect(try content("/etc/timezone") == "Europe/Berlin\n")
            #expect(try await tool("date", "--date=2026-01-01T00:00Z", "+%H %Z").text == "01 CET\n")
            #expect(try content("/proc/sys/net/core/somaxconn") == "2000\n")
            #expect(
                try content("/etc/sysctl.d/90-fairlead.conf").hasSuffix(
                    "\nnet.core.somaxconn = 2000\nnet.ipv4.tcp_rmem = 4096 130000 6000000\n"))
            #expect(try await tool("getent", "ahosts", "db").text.hasPrefix("192.0.2.5 "))
            // What sudo asks for.
            #expect(try await tool("getent", "hosts", "vsn1").text.hasPrefix("127.0.1.1 "))
            #expect(try await tool("hostname", "--fqdn").text == "vsn1.acme.example.com\n")
        }
    }

    @Test("every other byte of the files stays: the block comes first, search domains last, odd line ends remain")
    func bytes() async throws {
        try await HostNamespace.with { space in
            _ = try await space.host.applyHostSettings(HostNamespace.everything)
            #expect(
                try content("/etc/hosts") == """
                    # BEGIN FAIRLEAD host entries: from the deployment plan, do not edit
                    192.0.2.5\tdb.internal db
                    127.0.1.1\tvsn1.acme.example.com vsn1
                    # END FAIRLEAD host entries
                    127.0.0.1 localhost
                    127.0.1.1 before
                    """)
            #expect(
                try content("/etc/resolv.conf") == """
                    # BEGIN FAIRLEAD name servers: from the deployment plan, do not edit
                    nameserver 192.0.2.53
                    # END FAIRLEAD name servers
                    domain old.example.com
                    nameserver 198.51.100.1
                    # BEGIN FAIRLEAD search domains: from the deployment plan, do not edit (and the line end above)
                    search acme.example.com
                    # END FAIRLEAD search domains

                    """)
        }
    }

    @Test("a setting that leaves the plan gets back what it was before Fairlead, byte for byte")
    func leaving() async throws {
        try await HostNamespace.with { space in
            try Data("\u{FEFF}no text: \0\r\n\n".utf8 + [0xFF, 0xFE]).write(to: URL(filePath: "/etc/hosts"))
            let before = try await space.state()
            var settings = HostNamespace.everything
            for _ in 1...2 {
                _ = try await space.host.applyHostSettings(settings)
                try await space.host.keepHostSettings()
                // Another value on the way must not become what is brought back.
                settings.timezone = "Asia/Tokyo"
                settings.sysctl["net.core.somaxconn"] = "3000"
            }
            settings.sysctl["net.core.somaxconn"] = nil
            _ = try await space.host.applyHostSettings(settings)
            #expect(try content("/proc/sys/net/core/somaxconn") == "1000\n")
            #expect(try !content("/etc/sysctl.d/90-fairlead.conf").contains("somaxconn"))
            let words = try await space.host.applyHostSettings(nil)
            #expect(words.contains("host name 'vsn1.acme.example.com' -> 'before'"))
            try await space.host.keepHostSettings()
            #expect(try await space.state() == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: space.memory) == [])
        }
    }

    @Test("only what the plan names is touched")
    func onlyNamed() async throws {
        try await HostNamespace.with { space in
            var expected = try await space.state()
            _ = try await space.host.applyHostSettings(HostSettings(timezone: "Europe/Berlin"))
            let state = try await space.state()
            for path in ["/etc/localtime", "/etc/timezone"] {
                #expect(state[path] != expected[path])
                expected[path] = state[path]
            }
            #expect(state == expected)
        }
    }

    @Test("nothing is written when nothing differs; 'nil' on a host that was never changed writes nothing at all")
    func idempotent() async throws {
        try await HostNamespace.with { space in
            #expect(try await space.host.applyHostSettings(nil) == [])
            #expect(try await space.host.applyHostSettings(HostSettings()) == [])
            #expect(!FileManager.default.fileExists(atPath: space.memory))
            _ = try await space.host.applyHostSettings(HostNamespace.everything)
            try await space.host.keepHostSettings()
            let files = [
                "/etc/hosts", "/etc/resolv.conf", "/etc/localtime", "/etc/hostname", "\(space.memory)/originals.json",
            ]
            let before = files.map(attributes)
            #expect(try await space.host.applyHostSettings(HostNamespace.everything) == [])
            #expect(files.map(attributes) == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: space.memory) == ["originals.json"])
        }
    }

    @Test("a time zone that is a copied file, and one named by another path, come back as they were")
    func localTime() async throws {
        try await HostNamespace.with { space in
            let files = FileManager.default
            try files.removeItem(atPath: "/etc/localtime")
            try files.copyItem(atPath: "/usr/share/zoneinfo/Asia/Tokyo", toPath: "/etc/localtime")
            try files.removeItem(atPath: "/etc/timezone")
            let before = try await space.state()
            _ = try await space.host.applyHostSettings(HostSettings(timezone: "Europe/Berlin"))
            #expect(try await tool("date", "+%Z").text.hasPrefix("CE"))
            #expect(!files.fileExists(atPath: "/etc/timezone"))
            _ = try await space.host.applyHostSettings(nil)
            #expect(try await space.state() == before)
            try files.removeItem(atPath: "/etc/localtime")
            try files.createSymbolicLink(
                atPath: "/etc/localtime", withDestinationPath: "../usr/share/zoneinfo/Europe/Berlin")
            #expect(try await space.host.applyHostSettings(HostSettings(timezone: "Europe/Berlin")) == [])
        }
    }

    @Test("mode and owner stay; a file that is a mount of its own is written in place")
    func mounts() async throws {
        try await HostNamespace.with { space in
            try space.scratch.write("127.0.0.1 localhost\n", to: "hosts")
            try await tool("mount", "--bind", "\(space.scratch.path)/hosts", "/etc/hosts")
            try await tool("chown", "7:8", "/etc/hosts", "/etc/resolv.conf")
            try await tool("chmod", "0604", "/etc/hosts", "/etc/resolv.conf")
            _ = try await space.host.applyHostSettings(HostNamespace.everything)
            for path in ["/etc/hosts", "/etc/resolv.conf"] {
                #expect(attributes(path).prefix(3) == [0o100604, 7, 8])
                #expect(try content(path).contains("BEGIN FAIRLEAD"))
            }
            _ = try await space.host.applyHostSettings(nil)
            #expect(try content("/etc/hosts") == "127.0.0.1 localhost\n")
            #expect(try content("\(space.scratch.path)/hosts") == "127.0.0.1 localhost\n")
        }
    }

    @Test("missing files are made, and go again")
    func missing() async throws {
        try await HostNamespace.with { space in
            for path in ["/etc/hosts", "/etc/resolv.conf", "/etc/hostname"] {
                try FileManager.default.removeItem(atPath: path)
            }
            let before = try await space.state()
            _ = try await space.host.applyHostSettings(HostNamespace.everything)
            #expect(mode("/etc/resolv.conf") == 0o644 && mode("/etc/hosts") == 0o644 && mode("/etc/hostname") == 0o644)
            _ = try await space.host.applyHostSettings(nil)
            #expect(try await space.state() == before)
        }
    }

    @Test("where systemd-resolved is in charge it gets a drop-in, and the file of its servers stays")
    func resolved() async throws {
        try await HostNamespace.with { space in
            try space.putResolvedInCharge()
            let before = try await space.state()
            let dns = DNSSettings(servers: ["192.0.2.53", "2001:db8::53"], search: ["acme.example.com"])
            _ = try await space.host.applyHostSettings(HostSettings(dns: dns))
            let dropIn = "/etc/systemd/resolved.conf.d/fairlead.conf"
            #expect(
                try content(dropIn).hasSuffix(
                    "[Resolve]\nDNS=192.0.2.53 2001:db8::53\nDomains=acme.example.com ~.\n"))
            #expect(mode(dropIn) == 0o644 && mode("/etc/systemd/resolved.conf.d") == 0o755)
            _ = try await space.host.applyHostSettings(nil)
            #expect(try await space.state() == before)
        }
    }

    @Test("systemd's journal gets a drop-in, is restarted when that changes and only then, and is as before without it")
    func journal() async throws {
        try await HostNamespace.with { space in
            let calls = "\(space.scratch.path)/calls"
            try space.scratch.write("#!/bin/sh\necho \"$@\" >>\(calls)\n", to: "systemctl")
            try await tool("chmod", "+x", "\(space.scratch.path)/systemctl")
            try await tool("mount", "--bind", "\(space.scratch.path)/systemctl", "/usr/bin/systemctl")
            try FileManager.default.createDirectory(atPath: "/run/systemd/system", withIntermediateDirectories: true)
            let before = try await space.state()
            var settings = HostSettings(logs: LogSettings(maximum: ByteCount(bytes: 2 << 30)))
            for _ in 1...2 { _ = try await space.host.applyHostSettings(settings) }
            let dropIn = "/etc/systemd/journald.conf.d/50-fairlead.conf"
            #expect(
                try content(dropIn) == """
                    # Written by fairlead from the deployment plan, do not edit.
                    [Journal]
                    Storage=persistent
                    RateLimitIntervalSec=0
                    SystemMaxUse=2147483648

                    """)
            #expect(mode(dropIn) == 0o644 && mode("/etc/systemd/journald.conf.d") == 0o755)
            let restart = "reload-or-restart systemd-journald.service\n"
            #expect(try content(calls) == restart)
            settings.logs?.maximum = ByteCount(bytes: 3 << 30)
            _ = try await space.host.applyHostSettings(settings)
            #expect(try content(calls) == restart + restart)
            #expect(try await space.host.applyHostSettings(nil) == ["'\(dropIn)' removed"])
            #expect(try content(calls) == restart + restart + restart)
            #expect(try await space.state() == before)
        }
    }

    @Test("differences are told and nothing is changed by that")
    func drift() async throws {
        try await HostNamespace.with { space in
            _ = try await space.host.applyHostSettings(HostNamespace.everything)
            #expect(try await space.host.differences(from: HostNamespace.everything) == [])
            try await tool("hostname", "other")
            let before = try await space.state()
            #expect(
                try await space.host.differences(from: HostNamespace.everything) == [
                    "host name 'other' -> 'vsn1.acme.example.com'"
                ])
            #expect(try await space.state() == before)
        }
    }
}
