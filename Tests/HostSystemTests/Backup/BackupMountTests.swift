import Foundation
import HostSystem
import Planning
import TestSupport
import Testing

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
