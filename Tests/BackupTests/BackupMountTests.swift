import Files
import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@testable import Backup

/// J4: an unmounted share must not look like a backup.
@Suite(.enabled(if: isRoot && RcloneServer.isInstalled))
struct BackupMountTests {
    let host: HostFixture

    init() throws { host = try HostFixture() }

    @Test("a directory that is not mounted is an error, and nothing is written there")
    func unmounted() async throws {
        let path = host.scratch.path + "/tmpfs"
        let store = try await directoryStore("\(path)/acme", local: false, of: host)
        let file = try host.scratch.write("x", to: "upload")
        try await withTmpfs(size: "20m", in: host.scratch) { _ in
            try await store.check()
            try await store.put(file: file, as: "R1/data")
            #expect(try await store.entries(in: "R1").map(\.name) == ["data"])
        }
        for use: () async throws -> Void in [
            { try await store.check() }, { try await store.put(file: file, as: "R1/data") },
            { _ = try await store.entries() }, { _ = try await store.content(of: "R1/data", limit: 10) },
            { try await store.remove("R1") },
        ] {
            let error = await #expect(throws: HostError.self) { try await use() }
            #expect(error?.message.contains("is not mounted") == true)
            #expect(error?.disposition == .transient)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [])
    }

    @Test("what an upload wrote to the host's own disk when its share went away does not stay there")
    func vanished() async throws {
        var host = host
        let (path, rclone) = ("\(host.scratch.path)/tmpfs", try #require(Command.find("rclone")))
        let script = """
            #!/bin/bash
            [ "$1" != copyto ] || [ ! -e "\(host.scratch.path)/gone" ] || umount "\(path)" || exit
            exec "\(rclone)" "$@"
            """
        try host.scratch.install(script, to: "bin/rclone")
        host.configuration.commandPath = "\(host.scratch.path)/bin:" + host.configuration.commandPath
        let file = try host.scratch.write("x", to: "upload")
        let store = try await directoryStore("\(path)/acme", local: false, of: host)
        // One of an upload that was killed with the host, and what is none of an upload.
        try host.scratch.write("half", to: "tmpfs/acme/stack/vsn1/R0/.data.partial")
        try host.scratch.write("kept", to: "tmpfs/acme/stack/vsn1/note")
        try FileManager.default.createDirectory(atPath: "\(path)/acme/empty", withIntermediateDirectories: true)
        await #expect(throws: HostError.self) { try await store.check() }
        let left = try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
        #expect(left == ["acme", "acme/empty", "acme/stack", "acme/stack/vsn1", "acme/stack/vsn1/note"])

        try await tool("mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", path)
        try await store.put(file: file, as: "R1/data")
        try host.scratch.write("", to: "gone")
        let error = await #expect(throws: HostError.self) { try await store.put(file: file, as: "R2/data") }
        #expect(error?.disposition == .transient)
        #expect(try FileManager.default.subpathsOfDirectory(atPath: path).sorted() == left)
    }

    @Test("the disk of the data is no place for its backup")
    func sameDisk() async throws {
        try await withTmpfs(size: "20m", in: host.scratch) { path in
            var host = host
            host.configuration.dataRoot = "\(path)/data"
            let store = try await directoryStore("\(path)/backup", local: false, of: host)
            let error = await #expect(throws: HostError.self) { try await store.check() }
            #expect(error?.message.hasSuffix("it lies on the file system of '\(path)/data'") == true)
        }
    }

    @Test("a full store is an error that says so, and leaves nothing")
    func full() async throws {
        try await withTmpfs(size: "4m", in: host.scratch) { path in
            let store = try await directoryStore(path, local: false, of: host)
            let file = try host.file(bytes: 6_000_000)
            let error = await #expect(throws: HostError.self) { try await store.put(file: file, as: "R1/data") }
            #expect(error?.hint == "make room on the storage")
            #expect(error?.disposition == .transient)
            #expect(try await store.entries(in: "R1") == [])
        }
    }
}
