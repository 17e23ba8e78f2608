import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@Suite("What a data directory is remembered by", .enabled(if: isRoot || mustRun, "needs root"))
struct DataMarkTests {
    private static let plan = HostSupport.plan(["db": container(volumes: [volume("db"), volume("queue")])])

    /// With what it is now as what was known.
    private func remember(_ fixture: HostFixture) async throws {
        let findings = try await DataLook(fixture.host).findings(on: Self.plan.dataNames, in: Self.plan)
        try await DataLook(fixture.host).remember(findings.compactMapValues(\.found), of: "acme")
    }

    private func changes(_ fixture: HostFixture) async throws -> [String: DataChange] {
        try await DataLook(fixture.host).findings(on: Self.plan.dataNames, in: Self.plan).compactMapValues(\.change)
    }

    private func filled() async throws -> HostFixture {
        let fixture = try HostFixture()
        _ = try await fixture.host.createDataDirectories(for: Self.plan)
        try fixture.scratch.write("rows", to: "data/acme/db/rows")
        return fixture
    }

    @Test("S7: in a file beside the directories, for root only, and nothing is written into one")
    func file() async throws {
        let fixture = try await filled()
        #expect(try await changes(fixture) == [:], "nothing is known")
        let before = attributes("\(fixture.data)/acme/db")
        try await remember(fixture)
        #expect(try await changes(fixture) == [:])
        #expect(attributes("\(fixture.data)/acme/db") == before)
        #expect(mode("\(fixture.data)/acme/.fairlead-data.json") == 0o600)
        let entries = try FileManager.default.contentsOfDirectory(atPath: "\(fixture.data)/acme")
        #expect(Set(entries) == ["db", "queue", ".fairlead-data.json"])
        let marks = try await DataLook(fixture.host).remembered(of: "acme")
        #expect(marks["db"]?.held == true && marks["queue"]?.held == false)
        // One that is damaged says nothing: the journal has the same.
        try fixture.scratch.write("{", to: "data/acme/.fairlead-data.json")
        #expect(try await DataLook(fixture.host).remembered(of: "acme") == [:])
    }

    @Test("one that is moved away, made anew, or emptied is noticed; one that never held anything may be empty")
    func directories() async throws {
        let fixture = try await filled()
        try await remember(fixture)
        let (files, db) = (FileManager.default, "\(fixture.data)/acme/db")
        try files.moveItem(atPath: db, toPath: fixture.scratch.path + "/away")
        #expect(try await changes(fixture) == ["db": .missing])
        try files.createDirectory(atPath: db, withIntermediateDirectories: false)
        #expect(try await changes(fixture) == ["db": .replaced])
        try files.removeItem(atPath: db)
        try files.moveItem(atPath: fixture.scratch.path + "/away", toPath: db)
        #expect(try await changes(fixture) == [:])
        try files.removeItem(atPath: db + "/rows")
        #expect(try await changes(fixture) == ["db": .emptied])
        // What a new file system holds is nobody's data.
        try files.createDirectory(atPath: db + "/lost+found", withIntermediateDirectories: false)
        #expect(try await changes(fixture) == ["db": .emptied])
    }

    @Test("a link or a file in its place is not it, and costs no look at the others")
    func links() async throws {
        let fixture = try await filled()
        try await remember(fixture)
        let (files, db, away) = (FileManager.default, "\(fixture.data)/acme/db", "\(fixture.scratch.path)/away")
        try files.moveItem(atPath: db, toPath: away)
        try fixture.scratch.write("other rows", to: "other/rows")
        try fixture.scratch.write("a file", to: "data/acme/db")
        #expect(try await changes(fixture) == ["db": .blocked])
        try files.removeItem(atPath: "\(fixture.data)/acme/queue")
        #expect(try await changes(fixture) == ["db": .blocked, "queue": .missing])
        try files.createDirectory(atPath: "\(fixture.data)/acme/queue", withIntermediateDirectories: false)
        let other = "\(fixture.scratch.path)/other"
        let links: [(String, DataChange)] = [
            (away, .blocked), (other, .replaced), ("/nowhere", .blocked), (db, .blocked),
        ]
        for (place, change) in links {
            try files.removeItem(atPath: db)
            try files.createSymbolicLink(atPath: db, withDestinationPath: place)
            let finding = try await DataLook(fixture.host).findings(on: ["db"], in: Self.plan)["db"]
            #expect(finding?.condition == .blocked && finding?.change == change, "a link to \(place)")
        }
    }

    @Test("one whose disk fails is told of, and costs no look at the others")
    func unreadable() async throws {
        let fixture = try await filled()
        try await remember(fixture)
        let known = try await DataLook(fixture.host).remembered(of: "acme")
        try FileManager.default.removeItem(atPath: "\(fixture.data)/acme/queue")
        let places: [(String, DataChange)] = [("acme/db", .missing), ("acme", .unreadable)]
        for (place, queue) in places {
            let path = "\(fixture.data)/\(place)"
            try DeadDisk.mount(at: path)
            defer { try? DeadDisk.unmount(path) }
            let found = try await DataLook(fixture.host).findings(on: Self.plan.dataNames, in: Self.plan, known: known)
            #expect(found.compactMapValues(\.change) == ["db": .unreadable, "queue": queue], "\(place)")
        }
    }

    @Test(
        "one whose server does not answer costs no look at the others, and no thread for each look, until it answers",
        .timeLimit(.minutes(2)))
    func silent() async throws {
        let fixture = try await filled()
        try await remember(fixture)
        try FileManager.default.removeItem(atPath: "\(fixture.data)/acme/queue")
        let path = "\(fixture.data)/acme/db"
        let known = try await DataLook(fixture.host).remembered(of: "acme")
        var look = DataLook(fixture.host)
        look.patience = .seconds(1)
        func changes() async throws -> [String: DataChange] {
            try await look.findings(on: Self.plan.dataNames, in: Self.plan, known: known).compactMapValues(\.change)
        }
        let disk = try SilentDisk(at: path)
        defer { try? DeadDisk.unmount(path) }
        for _ in 0..<100 { #expect(try await changes() == ["db": .unreadable, "queue": .missing]) }
        disk.answer()
        try DeadDisk.unmount(path)
        // The call that was left behind ends by itself.
        while try await changes() != ["queue": .missing] { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test("a link or a file in the place of the directory that they are in is told of each, wherever a link leads")
    func stackDirectory() async throws {
        let fixture = try await filled()
        try await remember(fixture)
        // As the journal has it: what lies beside the data is not reached.
        let known = try await DataLook(fixture.host).remembered(of: "acme")
        let (files, stack, away) = (FileManager.default, "\(fixture.data)/acme", "\(fixture.scratch.path)/away")
        try files.moveItem(atPath: stack, toPath: away)
        try fixture.scratch.write("other rows", to: "other/db/rows")
        try fixture.scratch.write("a file", to: "data/acme")
        let links: [(String?, DataChange)] = [
            (nil, .blocked), (away, .blocked), ("\(fixture.scratch.path)/other", .replaced), ("/nowhere", .blocked),
            (stack, .blocked),
        ]
        for (place, change) in links {
            if let place {
                try files.removeItem(atPath: stack)
                try files.createSymbolicLink(atPath: stack, withDestinationPath: place)
            }
            let found = try await DataLook(fixture.host).findings(on: ["db"], in: Self.plan, known: known)["db"]
            #expect(found?.condition == .blocked && found?.change == change, "\(place ?? "a file")")
        }
    }

    @Test("one that is removed and made anew is another one, also where it gets the same inode")
    func inode() async throws {
        let fixture = try await filled()
        try await remember(fixture)
        let db = "\(fixture.data)/acme/db"
        try FileManager.default.removeItem(atPath: db)
        try FileManager.default.createDirectory(atPath: db, withIntermediateDirectories: false)
        try fixture.scratch.write("other rows", to: "data/acme/db/rows")
        #expect(try await changes(fixture) == ["db": .replaced])
    }

    @Test("the mount point of a disk that is not mounted is noticed, and so are two disks that were swapped")
    func mounts() async throws {
        let fixture = try await filled()
        let names = ["db", "queue"]
        for disk in ["one", "two"] {
            let path = "\(fixture.scratch.path)/\(disk)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            try await tool("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", path)
            try fixture.scratch.write("rows", to: "\(disk)/rows")
        }
        func mount(_ disks: String...) async throws {
            for (disk, name) in zip(disks, names) {
                try await tool("mount", "--bind", "\(fixture.scratch.path)/\(disk)", "\(fixture.data)/acme/\(name)")
            }
        }
        func unmount() async throws {
            for name in names { try await tool("umount", "\(fixture.data)/acme/\(name)") }
        }
        try await mount("one", "two")
        try await remember(fixture)
        #expect(try await changes(fixture) == [:])
        try await unmount()
        #expect(try await changes(fixture) == ["db": .replaced, "queue": .replaced])
        try await mount("two", "one")
        #expect(try await changes(fixture) == ["db": .replaced, "queue": .replaced])
        try await unmount()
        try await mount("one", "two")
        #expect(try await changes(fixture) == [:])
        try await unmount()
        for disk in ["one", "two"] { try await tool("umount", "\(fixture.scratch.path)/\(disk)") }
    }

    @Test(
        "a disk that has another number after a boot is the same, a new one with the same directory is not",
        arguments: ["ext4"] + ["xfs"].filter { Command.find("mkfs.\($0)") != nil })
    func renumbered(kind: String) async throws {
        let make = try #require(Command.find("mkfs.\(kind)"), "mkfs.\(kind) is not installed")
        let fixture = try await filled()
        func format(_ disk: String) async throws {
            let path = "\(fixture.scratch.path)/\(disk)"
            try await tool("truncate", "-s", kind == "xfs" ? "320M" : "16M", path)
            _ = try await Command(make, ["-q", path]).run()
        }
        func attach(_ disk: String) async throws -> String {
            let path = "\(fixture.scratch.path)/\(disk)"
            return try await tool("losetup", "--find", "--show", path).text
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }
        func mount(_ device: String) async throws { try await tool("mount", device, "\(fixture.data)/acme/db") }
        func unmount() async throws { try await tool("umount", "\(fixture.data)/acme/db") }
        try await format("disk")
        let first = try await attach("disk")
        try await mount(first)
        try fixture.scratch.write("rows", to: "data/acme/db/rows")
        try await remember(fixture)
        let device = try await DataLook(fixture.host).remembered(of: "acme")["db"]?.fileSystem.device
        try await unmount()
        // The first number stays taken, so that the disk gets another one.
        let second = try await attach("disk")
        try await mount(second)
        let found = try await DataLook(fixture.host).findings(on: ["db"], in: Self.plan)["db"]
        try await unmount()
        for number in [first, second] { try await tool("losetup", "--detach", number) }
        #expect(found?.found?.fileSystem.device != device, "the number is the same")
        #expect(found?.known != nil && found?.change == nil)
        try await format("other")
        let other = try await attach("other")
        try await mount(other)
        try fixture.scratch.write("rows", to: "data/acme/db/rows")
        #expect(try await changes(fixture) == ["db": .replaced])
        try await unmount()
        try await tool("losetup", "--detach", other)
    }
}
