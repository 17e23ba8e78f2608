import Foundation
import HostSupport
import Model
import Processes
import TestSupport
import Testing

@testable import Backup
@testable import HostSystem

@Suite("Putting the data of before back either succeeds, or leaves all as it was, or says what is half done")
struct FailedExchangeTests {
    private let fixture: HostFixture
    private let state: DeployedState

    init() throws {
        fixture = try HostFixture()
        state = DeployedState(
            desired: DesiredState(plan: plan(["database": container(volumes: [volume("db"), volume("up")])])),
            commit: try #require(CommitID(String(repeating: "a", count: 40))), deployment: 1, images: [:])
    }

    private var snapshots: DataSnapshots {
        DataSnapshots(host: fixture.host) { Timestamp(milliseconds: 1_795_232_800_000) }
    }

    private var wanted: NewSnapshot {
        NewSnapshot(deployment: 2, stack: "acme", state: state, volumes: ["db", "up"])
    }

    private func path(_ name: String) -> String { "\(fixture.data)/acme/\(name)" }

    private func write(_ text: String) throws {
        for name in ["db", "up"] { try fixture.scratch.write(text, to: "data/acme/\(name)/x") }
    }

    private func read() -> [String?] { ["db/x", "up/x"].map { try? content(path($0)) } }

    private func copied() async throws -> DataSnapshot {
        try write("v1")
        let snapshot = try #require(try await snapshots.take(wanted) { _ in })
        try write("v2")
        return snapshot
    }

    private func message(_ work: () async throws -> Void) async -> String {
        do {
            try await work()
            return ""
        } catch {
            return "\(error)"
        }
    }

    /// While nobody may move `name`.
    private func immutable(_ name: String, _ body: () async throws -> Void) async throws {
        try await tool("chattr", "+i", path(name))
        do {
            try await body()
        } catch {
            try await tool("chattr", "-i", path(name))
            throw error
        }
        try await tool("chattr", "-i", path(name))
    }

    private func mounted(_ name: String, _ body: () async throws -> Void) async throws {
        try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
        try await tool("mount", "-t", "tmpfs", "-o", "size=16m", "test", path(name))
        do {
            try await body()
        } catch {
            try await tool("umount", "--lazy", path(name))
            throw error
        }
        try await tool("umount", "--lazy", path(name))
    }

    @Test("an exchange that fails at its second directory takes the first one back, and can be done again")
    func undone() async throws {
        let snapshot = try await copied()
        try await immutable("up") {
            let said = await message { _ = try await snapshots.exchange(snapshot, settingAside: wanted) { _ in } }
            #expect(said.contains("cannot move") && said.contains("lsattr -d"), "\(said)")
        }
        #expect(read() == ["v2", "v2"])
        #expect(try await snapshots.snapshots() == [snapshot])
        try await snapshots.checkSettling(for: nil, finishing: false)
        try await snapshots.settle()
        #expect(read() == ["v2", "v2"])
        _ = try await snapshots.exchange(snapshot, settingAside: wanted) { _ in }
        #expect(read() == ["v1", "v1"])
    }

    @Test("copies that lie on another disk are copied back, and a failure there takes all back as well")
    func otherDisk() async throws {
        try await mounted(".fairlead-before") {
            let snapshot = try await copied()
            try await snapshots.checkExchange(snapshot)
            // More than that disk can take.
            try fixture.scratch.write(String(repeating: "x", count: 20 << 20), to: "data/acme/up/big")
            let said = await message { _ = try await snapshots.exchange(snapshot, settingAside: wanted) { _ in } }
            #expect(said.contains("data directory 'up'"), "\(said)")
            try FileManager.default.removeItem(atPath: path("up/big"))
            #expect(read() == ["v2", "v2"])
            #expect(try await snapshots.snapshots() == [snapshot])
            let left = try await snapshots.exchange(snapshot, settingAside: wanted) { _ in }
            #expect(read() == ["v1", "v1"])
            _ = try await snapshots.exchange(left, settingAside: wanted) { _ in }
            #expect(read() == ["v2", "v2"])
        }
    }

    @Test("one that was cut off is finished by its own roll back only, and only on the directories that it began with")
    func cutOff() async throws {
        let snapshot = try await copied()
        _ = try snapshots.begin(snapshot, settingAside: wanted)
        let other = await message { try await snapshots.checkSettling(for: nil, finishing: false) }
        #expect(other.contains("is half done") && other.contains("'fairlead rollback --to 1' finishes it"), "\(other)")
        try await snapshots.checkSettling(for: snapshot, finishing: false)
        try await snapshots.checkSettling(for: nil, finishing: true)

        // What a mount point is without its disk.
        try FileManager.default.moveItem(atPath: path("db"), toPath: path("away"))
        try FileManager.default.createDirectory(atPath: path("db"), withIntermediateDirectories: false)
        let away = await message { try await snapshots.checkSettling(for: snapshot, finishing: true) }
        #expect(away.contains("db' is not what it was") && away.contains("--to 1"), "\(away)")
        let kept = await message { try await snapshots.settle() }
        #expect(kept.contains("is not what it was"), "\(kept)")
        #expect(try content(path("away/x")) == "v2")

        try FileManager.default.removeItem(atPath: path("db"))
        try FileManager.default.moveItem(atPath: path("away"), toPath: path("db"))
        try await snapshots.settle()
        #expect(read() == ["v1", "v1"])
    }

    @Test("a copy that was emptied is not put back")
    func emptied() async throws {
        let snapshot = try await copied()
        try FileManager.default.removeItem(atPath: "\(snapshots.place(of: snapshot))/db/x")
        let said = await message { try await snapshots.checkExchange(snapshot) }
        #expect(said.contains("is empty now") && said.contains("rollback --list"), "\(said)")
    }

    @Test("a file system below a data directory is no part of a copy, which says so; a roll back wants it unmounted")
    func below() async throws {
        try write("v0")
        try await mounted("db/a b") {
            let snapshot = try await copied()
            #expect(snapshot.below == ["db/a b"])
            let said = await message { try await snapshots.checkExchange(snapshot) }
            #expect(said.contains("db/a b' is a file system of its own") && said.contains("unmount it"), "\(said)")
        }
    }

    @Test("the disk of a directory whose content was exchanged has to be there until the end")
    func diskGoesLater() async throws {
        try await mounted("up") {
            let snapshot = try await copied()
            let exchange = try snapshots.begin(snapshot, settingAside: wanted)
            let source = SnapshotPlace(stackDirectory: "\(fixture.data)/acme", run: snapshot.run)
            let target = SnapshotPlace(stackDirectory: "\(fixture.data)/acme", run: exchange.aside.run)
            // As far as it is when the last one is copied back.
            try await tool("cp", "-a", path("up"), target.copy(of: "up"))
            try fixture.scratch.write("v1", to: "data/acme/up/x")
            try SnapshotPlace.move(source.copy(of: "up"), to: source.used("up"))
            try await snapshots.checkSettling(for: snapshot, finishing: true)

            // Another mount lies over it: what is there then is not the disk that was copied to.
            try await tool("mount", "-t", "tmpfs", "test", path("up"))
            let said = await message { try await snapshots.checkSettling(for: snapshot, finishing: true) }
            try await tool("umount", path("up"))
            #expect(said.contains("up' is not what it was"), "\(said)")
            try await snapshots.settle()
            #expect(read() == ["v1", "v1"])
        }
    }

    @Test("one that goes on after a boot empties no file system that was mounted below a data directory by then")
    func belowLater() async throws {
        try await mounted("up") {
            let snapshot = try await copied()
            try FileManager.default.createDirectory(atPath: path("up/archive"), withIntermediateDirectories: false)
            _ = try snapshots.begin(snapshot, settingAside: wanted)
            try await mounted("up/archive") {
                try fixture.scratch.write("mine", to: "data/acme/up/archive/file")
                let said = await message { try await snapshots.settle() }
                #expect(said.contains("up/archive' is a file system of its own") && said.contains("--to 1"), "\(said)")
                #expect(try content(path("up/archive/file")) == "mine")
                #expect(read() == ["v2", "v2"])
            }
            try await snapshots.settle()
            #expect(read() == ["v1", "v1"])
        }
    }

    @Test("a mark that says of what was there that it is not complete is gone before the copy is in its place")
    func unfinishedBefore() async throws {
        let snapshot = try await copied()
        let directory = path("db")
        try RestoreMark.set(for: directory)
        let left = try await snapshots.exchange(snapshot, settingAside: wanted) { reached in
            guard reached == "db set aside" else { return }
            #expect((try? RestoreMark.isSet(for: directory)) == false, "a crash now, and what has it would be emptied")
        }
        #expect(read() == ["v1", "v1"] && left.state == nil)
    }

    @Test("what was not there to be set aside is not offered as the data of its version")
    func nothingAside() async throws {
        let snapshot = try await copied()
        try FileManager.default.removeItem(atPath: path("up"))
        let left = try await snapshots.exchange(snapshot, settingAside: wanted) { _ in }
        #expect(left.volumes == ["db"] && left.state == nil)
        #expect(read() == ["v1", "v1"])
    }

    @Test("what cannot be moved is told before anything stops: immutable directories, a file system that is read-only")
    func immovable() async throws {
        let snapshot = try await copied()
        for name in ["db", "", ".fairlead-before", ".fairlead-before/\(snapshot.run)/data/up"] {
            try await immutable(name) {
                let said = await message { try await snapshots.checkExchange(snapshot) }
                let told = name.isEmpty ? "\(fixture.data)/acme " : path(name)
                #expect(said.contains("cannot move") && said.contains("lsattr -d \(told)"), "\(said)")
            }
        }
        try await snapshots.checkExchange(snapshot)
        try await mounted("up") {
            try await tool("mount", "-o", "remount,ro", path("up"))
            let said = await message { try await snapshots.checkExchange(snapshot) }
            #expect(said.contains("cannot move") && said.contains("mounted read-only"), "\(said)")
        }
    }

    @Test("copies that are bound there from the same disk are copied back")
    func bound() async throws {
        let place = path(".fairlead-before")
        try FileManager.default.createDirectory(atPath: path("elsewhere"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try await tool("mount", "--bind", path("elsewhere"), place)
        do {
            let snapshot = try await copied()
            let left = try await snapshots.exchange(snapshot, settingAside: wanted) { _ in }
            #expect(read() == ["v1", "v1"])
            _ = try await snapshots.exchange(left, settingAside: wanted) { _ in }
            #expect(read() == ["v2", "v2"])
        } catch {
            try await tool("umount", "--lazy", place)
            throw error
        }
        try await tool("umount", "--lazy", place)
    }

    @Test("taking an exchange back that ends in the middle never takes a part of the data for all of it")
    func undoCutOff() async throws {
        let files = (0..<50).map { "f\($0)" }
        try await mounted("db") {
            let snapshot = try await copied()
            for name in files { try fixture.scratch.write("v2", to: "data/acme/db/\(name)") }
            try fixture.scratch.write("v2", to: "data/acme/db/m/file")
            // As a power cut while the second copy of them is removed, which this directory ends.
            let kept = Kept(place: path(".fairlead-before"), name: "m")
            try await immutable("up") {
                let said = await message {
                    _ = try await snapshots.exchange(snapshot, settingAside: wanted) { reached in
                        if reached == "db set aside" { kept.keep() }
                    }
                }
                #expect(said.contains("could not be undone"), "\(said)")
            }
            kept.release()
            try await snapshots.settle()
            #expect(read() == ["v1", "v1"])
            let aside = try #require(try await snapshots.snapshots().first { $0.origin == .setAside })
            let there = try FileManager.default.contentsOfDirectory(atPath: "\(snapshots.place(of: aside))/db")
            #expect(Set(there) == Set(files + ["m", "x"]))
        }
    }

    /// Directories that nobody can remove meanwhile: an immutable one would be unlocked.
    private struct Kept: Sendable {
        let place: String
        let name: String

        func keep() { call("mount", "-t", "tmpfs", "test") }
        func release() { call("umount") }
        private func call(_ command: String...) {
            _ = try? TestProgram("find", [place, "-name", name, "-exec"] + command + ["{}", ";"]).run()
        }
    }

    @Test("data that was not restored to its end is set aside, and not offered as the data of its version")
    func unfinishedAside() async throws {
        let snapshot = try await copied()
        try RestoreMark.set(for: path("up"))
        let left = try await snapshots.exchange(snapshot, settingAside: wanted) { _ in }
        #expect(left.volumes == ["db", "up"] && left.state == nil)
        #expect(read() == ["v1", "v1"])
    }
}
