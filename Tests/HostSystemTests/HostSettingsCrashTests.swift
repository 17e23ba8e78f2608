import Files
import Foundation
import HostSupport
import Model
import TestSupport
import Testing

@testable import HostSystem

@Suite(
    "Settings of the host and a crash", .enabled(if: HostNamespace.isAvailable || mustRun, "needs root"),
    .timeLimit(.minutes(5)))
struct HostSettingsCrashTests {
    @Test("cut off after any of its writes, the host becomes as it was before")
    func everyWrite() async throws {
        try await HostNamespace.with { space in
            let keeper = SettingsKeeper(memory: SettingsMemory(directory: space.memory), essentialNames: [])
            var deployed = HostNamespace.everything
            deployed.sysctl = ["net.core.somaxconn": "1500"]
            deployed.hostname = "deployed"
            _ = try await space.host.applyHostSettings(deployed)
            try await space.host.keepHostSettings()
            let before = try await space.state()
            let originals = try keeper.memory.originals()
            var next = HostNamespace.everything
            next.timezone = nil
            for count in 0...8 {
                let change = try keeper.prepare(next, for: 1)
                let order = change.writes.keys.inWritingOrder
                try #require(order.count == 8, "\(order)")
                for item in order.prefix(count) {
                    try keeper.reader.write(try #require(change.writes[item]), to: item)
                }
                #expect(try await space.state() == before || count > 0)
                try await space.host.restoreHostSettings()
                #expect(try await space.state() == before, "after \(count) writes")
                #expect(try keeper.memory.originals() == originals)
                #expect(try keeper.memory.saved() == nil)
            }
        }
    }

    @Test("a write in place that was cut off is done again before anything else")
    func inPlace() async throws {
        try await HostNamespace.with { space in
            let pending = SettingsMemory(directory: space.memory).pendingWrite
            try pending.begin(Array("127.0.0.1 localhost\n".utf8), to: "/etc/hosts")
            try Data("127.0.0.1 lo\0\0 and more of the old, longer than the new".utf8)
                .write(to: URL(filePath: "/etc/hosts"))
            try await space.host.restoreHostSettings()
            #expect(try content("/etc/hosts") == "127.0.0.1 localhost\n")
            #expect(try FileManager.default.contentsOfDirectory(atPath: space.memory) == [])
        }
    }

    @Test("only the deployment that succeeded forgets what it saved, with what one before it that was cut off did")
    func deployments() async throws {
        try await HostNamespace.with { space in
            let before = try await space.state()
            for later in [HostNamespace.everything, HostSettings(timezone: "Europe/Berlin")] {
                _ = try await space.host.applyHostSettings(HostNamespace.everything, for: 7)
                try await space.host.keepHostSettings(of: 6)
                _ = try await space.host.applyHostSettings(later, for: 8)
                try await space.host.keepHostSettings(of: 7)
                try await space.host.restoreHostSettings()
                #expect(try await space.state() == before)
            }
            _ = try await space.host.applyHostSettings(HostNamespace.everything, for: 7)
            let applied = try await space.state()
            // Nothing is left to write for it.
            _ = try await space.host.applyHostSettings(HostNamespace.everything, for: 8)
            try await space.host.keepHostSettings(of: 8)
            try await space.host.restoreHostSettings()
            #expect(try await space.state() == applied)
        }
    }

    @Test("systemd-resolved hears of servers that were brought back just before a crash")
    func resolver() async throws {
        try await HostNamespace.with { space in
            let files = FileManager.default
            try space.putResolvedInCharge()
            let before = try await space.state()
            _ = try await space.host.applyHostSettings(HostSettings(dns: DNSSettings(servers: ["192.0.2.53"])))
            try files.removeItem(atPath: "/etc/systemd/resolved.conf.d/fairlead.conf")
            // No systemd runs here: what it would be told is written down.
            let told = "\(space.scratch.path)/told"
            try space.scratch.install("#!/bin/sh\necho \"$*\" >>\(told)\n", to: "bin/systemctl")
            try await tool("mount", "--bind", "\(space.scratch.path)/bin", "/usr/local/sbin")
            try files.createDirectory(atPath: "/run/systemd/system", withIntermediateDirectories: true)
            try await space.host.restoreHostSettings()
            #expect(try content(told) == "reload-or-restart systemd-resolved.service\n")
            #expect(try await space.state() == before)
        }
    }

    @Test("memory that was damaged is said, with what to do, and nothing is changed on its word")
    func damaged() async throws {
        try await HostNamespace.with { space in
            _ = try await space.host.applyHostSettings(HostNamespace.everything)
            let before = try await space.state()
            try Data("{".utf8).write(to: URL(filePath: "\(space.memory)/before-deployment.json"))
            let error = await #expect(throws: HostError.self) { try await space.host.restoreHostSettings() }
            #expect(error?.message.contains("it is damaged") == true && error?.hint.isEmpty == false)
            #expect(try await space.state() == before)
        }
    }
}
