import Files
import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@testable import Backup

@Suite("Copies of the data on its own host", .enabled(if: HardTree.unavailable == nil))
struct DataSnapshotTests {
    private static let mountsXFS =
        Command.find("mkfs.xfs") != nil && FileManager.default.fileExists(atPath: "/dev/loop-control")
    private var fixture: HostFixture
    private let state: DeployedState

    init() throws {
        fixture = try HostFixture()
        state = DeployedState(
            desired: DesiredState(plan: plan(["database": container(volumes: [volume("db")])])),
            commit: try #require(CommitID(String(repeating: "a", count: 40))), deployment: 1, images: [:])
    }

    private var snapshots: DataSnapshots {
        DataSnapshots(host: fixture.host) { Timestamp(milliseconds: 1_795_232_800_000) }
    }

    private func wanted(
        _ volumes: Set<String> = ["db"], further: Set<String> = [], leftOut: Set<String> = []
    ) -> NewSnapshot {
        NewSnapshot(
            deployment: 2, stack: "acme", state: state, volumes: volumes, further: further, leftOut: leftOut)
    }

    private func take(_ wanted: NewSnapshot, by other: DataSnapshots? = nil) async throws -> DataSnapshot {
        try #require(try await (other ?? snapshots).take(wanted) { _ in })
    }

    private func write(_ text: String, to file: String) throws {
        try fixture.scratch.write(text, to: "data/acme/\(file)")
    }

    private func read(_ file: String) -> String? { try? content("\(fixture.data)/acme/\(file)") }

    /// The directories of all copies, whole or not.
    private func directories() -> [String] {
        let path = "\(fixture.data)/acme/.fairlead-before"
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    @Test("a copy holds everything that a file system knows, and costs what it says")
    func everything() async throws {
        try FileManager.default.createDirectory(atPath: "\(fixture.data)/acme", withIntermediateDirectories: true)
        try await HardTree.make("\(fixture.data)/acme/db")
        let snapshot = try await take(wanted())
        let copy = "\(snapshots.place(of: snapshot))/db"
        #expect(try await HardTree.differences("\(fixture.data)/acme/db", copy) == [])
        #expect(snapshot.volumes == ["db"])
        #expect(snapshot.bytes > 4 << 20)
        #expect(mode("\(fixture.data)/acme/.fairlead-before") == 0o700)
        #expect(try await snapshots.snapshots() == [snapshot])
    }

    @Test("T3: directories that a container nests without end do not stand in the way of a copy, which tells of them")
    func deep() async throws {
        for file in ["db/rows", "db/d/rows", "db/z"] { try write("x", to: file) }
        try DeepTree.make(in: "\(fixture.data)/acme/db/d", levels: 60, length: 100)
        try await tool("chmod", "2750", "\(fixture.data)/acme/db")
        let notes = Notes()
        let snapshot = try #require(try await snapshots.take(wanted()) { notes.add($0) })
        #expect(notes.all == ["db copied; 1 directory with a path of over 3500 bytes is not saved"])
        let copy = snapshots.place(of: snapshot)
        for file in ["db/rows", "db/d/rows", "db/z"] { #expect(try content("\(copy)/\(file)") == "x") }
        #expect(mode("\(copy)/db") == 0o2750)
        #expect(try FileManager.default.contentsOfDirectory(atPath: copy) == ["db"])
        _ = try await snapshots.exchange(snapshot, settingAside: wanted()) { _ in }
        #expect(read("db/z") == "x")
        try await tool("rm", "-rf", "\(fixture.data)/acme")
    }

    @Test("what is missing or only half loaded is not copied, and named")
    func leftOut() async throws {
        try write("x", to: "db/x")
        try write("", to: "half/x")
        try write("", to: ".fairlead-restoring-half")
        let snapshot = try await take(wanted(["db", "gone", "half"], further: ["new", "db"], leftOut: ["cache"]))
        #expect(snapshot.volumes == ["db"])
        #expect(snapshot.leftOut == ["cache", "gone", "half"])
        #expect(snapshot.absent == ["new"])
    }

    @Test("an exchange puts the copy in place and keeps what was there; done again it brings that back")
    func exchange() async throws {
        try write("old", to: "db/rows")
        let before = try await take(wanted(further: ["new"]))
        try write("migrated", to: "db/rows")
        try write("made later", to: "new/rows")
        let inode = attributes("\(snapshots.place(of: before))/db")[3]
        let aside = try await snapshots.exchange(before, settingAside: wanted()) { _ in }
        #expect(read("db/rows") == "old")
        #expect(read("new/rows") == nil)
        #expect(attributes("\(fixture.data)/acme/db")[3] == inode)
        #expect(aside.volumes == ["db", "new"])
        #expect(aside.replacement?.run == before.run)
        #expect(aside.run > before.run)
        #expect(try await snapshots.snapshots() == [aside])
        #expect(directories() == ["\(aside.run)"])

        _ = try await snapshots.exchange(aside, settingAside: wanted()) { _ in }
        #expect(read("db/rows") == "migrated")
        #expect(read("new/rows") == "made later")
    }

    @Test("an exchange that stopped at any point is finished by the next look")
    func settles() async throws {
        let points = [
            "exchange begun", "db set aside", "db put back", "files set aside", "files put back", "exchanged",
        ]
        for point in points {
            try? FileManager.default.removeItem(atPath: "\(fixture.data)/acme")
            for name in ["db", "files"] { try write("old", to: "\(name)/rows") }
            let before = try await take(wanted(["db", "files"]))
            for name in ["db", "files"] { try write("new", to: "\(name)/rows") }
            // As it stands at that point.
            let image = "\(fixture.scratch.path)/image"
            try? FileManager.default.removeItem(atPath: image)
            let (stack, copy) = ("\(fixture.data)/acme", image)
            _ = try await snapshots.exchange(before, settingAside: wanted()) {
                if $0 == point { try? FileManager.default.copyItem(atPath: stack, toPath: copy) }
            }
            try FileManager.default.removeItem(atPath: stack)
            try FileManager.default.moveItem(atPath: image, toPath: stack)
            try forgetPlaces()

            try await snapshots.settle()
            for name in ["db", "files"] { #expect(read("\(name)/rows") == "old", "\(point)") }
            let left = try #require(try await snapshots.snapshots().first, "\(point)")
            #expect(left.origin == .setAside && left.volumes == ["db", "files"], "\(point)")
            #expect(try content("\(snapshots.place(of: left))/db/rows") == "new", "\(point)")
            #expect(directories() == ["\(left.run)"], "\(point)")
        }
    }

    /// The directories are others after the test has copied them; an older version, too, did not say which they were.
    private func forgetPlaces() throws {
        for run in directories() {
            let file = "\(fixture.data)/acme/.fairlead-before/\(run)/exchange.json"
            guard let bytes = FileManager.default.contents(atPath: file) else { continue }
            var exchange = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
            #expect(exchange.removeValue(forKey: "places") != nil)
            try JSONSerialization.data(withJSONObject: exchange).write(to: URL(filePath: file))
        }
    }

    @Test("the rest of a broken copy is no copy, and goes; what nobody understands stays")
    func remains() async throws {
        try write("half", to: ".fairlead-before/20261121T020000Z/data/db/rows")
        #expect(try await snapshots.snapshots() == [])
        try await snapshots.settle()
        #expect(directories() == [])

        try write("{\"run\": 7}", to: ".fairlead-before/20261121T020000Z/snapshot.json")
        await #expect(throws: HostError.self) { try await snapshots.settle() }
        #expect(directories() == ["20261121T020000Z"])
    }

    @Test("a copy that does not fit is refused before it begins; older ones go where that makes room")
    func room() async throws {
        try await withTmpfs(size: "24m", in: fixture.scratch) { path in
            var small = fixture
            small.configuration.dataRoot = path
            small.configuration.minimumFreeSpace = ByteCount(bytes: 1 << 20)
            let snapshots = DataSnapshots(host: small.host) { Timestamp(milliseconds: 1_795_232_800_000) }
            try FileManager.default.createDirectory(atPath: "\(path)/acme/db", withIntermediateDirectories: true)
            let fill = { (megabytes: Int) in
                try Data(repeating: 7, count: megabytes << 20).write(to: URL(filePath: "\(path)/acme/db/rows"))
            }
            try fill(9)
            try await snapshots.makeRoom(for: wanted(), removing: [])
            let old = try await take(wanted(), by: snapshots)
            let error = await #expect(throws: HostError.self) {
                try await snapshots.makeRoom(for: wanted(), removing: [])
            }
            #expect(error?.message.contains("there is no room for the copy") == true)
            #expect(error?.hint.contains("\"beforeDeploy\": \"none\"") == true)
            #expect(error?.disposition == .transient)
            #expect(try await snapshots.snapshots() == [old])
            try await snapshots.makeRoom(for: wanted(), removing: [old])
            #expect(try await snapshots.snapshots() == [])

            // Where that would not be enough, they stay.
            let kept = try await take(wanted(), by: snapshots)
            try fill(14)
            await #expect(throws: HostError.self) {
                try await snapshots.makeRoom(for: wanted(), removing: [kept])
            }
            #expect(try await snapshots.snapshots() == [kept])
        }
    }

    @Test("a file system that shares blocks needs no room for a copy", .enabled(if: DataSnapshotTests.mountsXFS))
    func sharedBlocks() async throws {
        let (image, path) = ("\(fixture.scratch.path)/xfs", "\(fixture.scratch.path)/mounted")
        try await tool("truncate", "--size", "320M", image)
        try await tool("mkfs.xfs", "-q", "-m", "reflink=1", image)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try await tool("mount", "-o", "loop", image, path)
        var shared = fixture
        shared.configuration.dataRoot = path
        let snapshots = DataSnapshots(host: shared.host) { Timestamp(milliseconds: 1_795_232_800_000) }
        do {
            try FileManager.default.createDirectory(atPath: "\(path)/acme/db", withIntermediateDirectories: true)
            try Data(repeating: 7, count: 180 << 20).write(to: URL(filePath: "\(path)/acme/db/rows"))
            try await snapshots.makeRoom(for: wanted(), removing: [])
            let snapshot = try await take(wanted(), by: snapshots)
            #expect(snapshot.bytes >= 180 << 20)
        } catch {
            try await tool("umount", path)
            throw error
        }
        try await tool("umount", path)
    }
}
