import Foundation
import Planning
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
                let change = try keeper.prepare(next)
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
