import Files
import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@testable import Backup

/// J4: a directory as the target of backups.
@Suite(.enabled(if: mustRun || Command.find("rclone") != nil))
struct BackupDirectoryTests {
    let host: HostFixture
    let store: BackupStore
    let root: String

    init() async throws {
        host = try HostFixture()
        root = host.scratch.path + "/target"
        store = try await BackupStore(
            name: "nas", target: BackupTarget(store: .directory(root, local: true)), secrets: Secrets(),
            configuration: host.configuration)
    }

    private func upload(_ text: String, as path: String) async throws {
        try await store.put(file: try host.scratch.write(text, to: "upload"), as: path)
    }

    @Test("what is uploaded is listed, read and streamed as it is")
    func roundTrip() async throws {
        try await upload("one", as: "acme/vsn1/R1/data.000")
        try await upload("", as: "acme/vsn1/R1/empty with space")
        #expect(try await store.entries(in: "acme/vsn1").map(\.path) == ["R1"])
        #expect(try await store.entries(in: "acme/vsn1").map(\.isDirectory) == [true])
        let files = try await store.entries(in: "acme", recursively: true).filter { !$0.isDirectory }
        #expect(files.map(\.path) == ["vsn1/R1/data.000", "vsn1/R1/empty with space"])
        #expect(files.map(\.bytes) == [3, 0])
        #expect(try await store.content(of: "acme/vsn1/R1/data.000", limit: 3) == Array("one".utf8))
        #expect(try await store.content(of: "acme/vsn1/R1/empty with space", limit: 0) == [])
        let rclone = try #require(Command.find("rclone"))
        let streamed = Command(
            rclone, ["cat", store.remotePath("acme/vsn1/R1/data.000")], environment: store.environment)
        #expect(try await streamed.run().text == "one")
    }

    @Test("what is not there is no error, and what is too long is one")
    func missing() async throws {
        #expect(try await store.entries() == [])
        #expect(try await store.entries(in: "acme/vsn1") == [])
        #expect(try await store.content(of: "acme/vsn1/manifest.json", limit: 10) == nil)
        try await upload("one", as: "acme/file")
        #expect(try await store.content(of: "acme", limit: 10) == nil)
        let error = await #expect(throws: HostError.self) { try await store.content(of: "acme/file", limit: 2) }
        #expect(error?.message.contains("has 3 bytes, more than the 2") == true)
    }

    @Test("an upload replaces what is there, also where size and time are the same")
    func replacing() async throws {
        let file = try host.scratch.write("old", to: "upload")
        try await store.put(file: file, as: "acme/file")
        try host.scratch.write("new", to: "upload")
        try await tool("touch", "-r", "\(root)/acme/file", file)
        try await store.put(file: file, as: "acme/file")
        #expect(try content("\(root)/acme/file") == "new")
        #expect(try await store.entries(in: "acme").map(\.path) == ["file"])
    }

    @Test("what is removed is gone, and nothing else is")
    func removing() async throws {
        for path in ["acme/R1/a/b", "acme/R1/c", "acme/R2/a", "acme/R22"] { try await upload("x", as: path) }
        try await store.remove("acme/R1")
        try await store.remove("acme/R22")
        try await store.remove("acme/R3")
        try await store.remove("other/R3")
        #expect(try await store.entries(recursively: true).map(\.path) == ["acme", "acme/R2", "acme/R2/a"])
    }

    @Test("no path leads out of the store", arguments: ["", ".", "..", "a/../..", "/etc", "a//b", "a/"])
    func paths(path: String) async throws {
        let file = try host.scratch.write("x", to: "upload")
        await #expect(throws: HostError.self) { try await store.put(file: file, as: path) }
        await #expect(throws: HostError.self) { try await store.remove(path) }
        await #expect(throws: HostError.self) { try await store.content(of: path, limit: 10) }
        #expect(!FileManager.default.fileExists(atPath: root))
    }
}
