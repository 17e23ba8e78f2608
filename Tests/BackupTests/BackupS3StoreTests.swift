import Files
import Foundation
import HostSupport
import HostSystem
import Model
import TestSupport
import Testing

@testable import Backup

/// J4, J5: a bucket with object lock as the store, used with a key that may put, get and list.
@Suite(.enabled(if: S3Server.unavailable == nil))
struct BackupS3StoreTests {
    let host: HostFixture

    init() throws { host = try HostFixture() }

    private func bucket(lockDays: Int? = 1) async throws -> S3Bucket {
        try await S3Bucket(lockDays: lockDays, on: S3Server.shared())
    }

    private func store(
        _ bucket: S3Bucket, changing options: [String: String] = [:], path: String? = nil
    ) async throws -> BackupStore {
        let own = bucket.options(try await bucket.key(of: "vsn1"))
        return try await rcloneStore(
            own.merging(options) { $1 }, path: path ?? "\(bucket.name)/vsn1", of: host)
    }

    @Test("what a VSN puts is there and locked, in one piece or in several")
    func locked() async throws {
        let bucket = try await bucket()
        let pieces = try await store(bucket, changing: ["upload_cutoff": "5M", "chunk_size": "5M"])
        try await expectStoreWorks(pieces, of: host, size: 12_000_000)
        let store = try await store(bucket)
        try await store.put(file: host.file(bytes: 1000), as: "acme/R1/ä b+c%41")
        for name in ["data", "empty", "ä b+c%41"] {
            let lock = try #require(try await store.retention(of: "acme/R1/\(name)"))
            let real = try #require(try await bucket.retention("vsn1/acme/R1/\(name)"))
            #expect(lock.mode == .compliance)
            #expect(lock.until.milliseconds / 1000 == Int64(real.until.timeIntervalSince1970))
        }
        #expect(try await store.defaultRetention() == BucketLock(mode: .compliance, days: 1))
    }

    @Test("a bucket without locks is told from one with them, and a missing object from one that is not locked")
    func notLocked() async throws {
        let store = try await store(try await bucket(lockDays: nil))
        try await store.put(file: host.file(bytes: 1000), as: "R1/data")
        #expect(try await store.retention(of: "R1/data") == nil)
        #expect(try await store.defaultRetention() == nil)
        await #expect(throws: HostError.self) { try await store.retention(of: "R1/none") }
        let directory = try await directoryStore(host.scratch.path, of: host)
        let error = await #expect(throws: HostError.self) { try await directory.retention(of: "R1/data") }
        #expect(error?.message == "backup target 'nas' knows no object locks: its type is 'local'")
    }

    @Test("of an overwritten object the newest version counts, and the older one stays")
    func overwritten() async throws {
        let bucket = try await bucket()
        let store = try await store(bucket)
        let old = try host.file(bytes: 1000, named: "old")
        try await store.put(file: old, as: "R1/data")
        let first = try #require(try await bucket.versions("vsn1/R1/data").first)
        let new = try host.file(bytes: 1000, named: "new")
        try await store.put(file: new, as: "R1/data")
        #expect(try await store.content(of: "R1/data", limit: 1000) == bytes(new))
        #expect(try await store.retention(of: "R1/data") != nil)
        #expect(try await bucket.versions("vsn1/R1/data").count == 2)
        #expect(try await bucket.get("vsn1/R1/data", version: first.id).body == Data(bytes(old)))
    }

    @Test("the key of a VSN removes nothing")
    func removing() async throws {
        let store = try await store(try await bucket())
        try await store.put(file: host.file(bytes: 1000), as: "R1/data")
        for path in ["R1/data", "R1"] {
            let error = await #expect(throws: HostError.self) { try await store.remove(path) }
            #expect(error?.hint == "give the target's key or user the right to do this, if it is meant to")
            #expect(error?.disposition == .permanent)
        }
        #expect(try await store.entries(in: "R1").map(\.name) == ["data"])
    }

    @Test("a wrong key, one without rights, an unknown bucket and a dead server are told apart; no key is told")
    func failures() async throws {
        let bucket = try await bucket()
        // Somebody who has rights in another bucket only.
        let stranger = bucket.options(try await self.bucket().key(of: "stranger"))
        let port = try LoopbackPort.free()
        for (changes, path, hint, disposition) in [
            (["secret_access_key": "canary-secret"], nil, "correct the secrets of the target's key", .permanent),
            (["access_key_id": "canary-id"], nil, "correct the secrets of the target's key", .permanent),
            (stranger, nil, "give the target's key or user the right to do this, if it is meant to", .permanent),
            ([:], "no-such-bucket/vsn1", "correct the first part of its 'path', or create the bucket", .permanent),
            (
                ["endpoint": "http://127.0.0.1:\(port)"], nil,
                "check the address of the target, that its server runs, and the network between", .transient
            ),
            (
                ["endpoint": bucket.server.endpoint.replacing("http:", with: "https:")], nil,
                "use the server name that is in its certificate, and 'update-ca-certificates' for an own authority",
                .permanent
            ),
        ] as [([String: String], String?, String, Disposition)] {
            let store = try await store(bucket, changing: changes, path: path)
            let file = try host.file(bytes: 1000)
            let listing = await #expect(throws: HostError.self) { try await store.check() }
            let upload = await #expect(throws: HostError.self) { try await store.put(file: file, as: "R1/data") }
            let lock = await #expect(throws: HostError.self) { try await store.retention(of: "R1/data") }
            #expect(listing?.hint == hint)
            for error in [listing, upload, lock] {
                #expect(error?.disposition == disposition, "\(String(describing: error))")
                #expect("\(String(describing: error))".contains("canary") == false)
            }
        }
    }

    @Test("a server that goes away meanwhile is waited for by the next attempt, and nothing half is seen")
    func goesAway() async throws {
        let server = try await S3Server()
        let bucket = try await S3Bucket(lockDays: 1, on: server)
        let options = bucket.options(try await bucket.key(of: "vsn1"))
        let limit = ByteCount(bytes: 1_000_000)
        let store = try await rcloneStore(options, path: "\(bucket.name)/vsn1", of: host, bandwidth: limit)
        let file = try host.file(bytes: 40_000_000)
        let (seen, told) = AsyncStream<Int64>.makeStream()
        let upload = Task {
            defer { told.finish() }
            try await store.put(file: file, as: "R1/data") { told.yield($0) }
        }
        for await bytes in seen where bytes > 0 { break }
        try await server.stop()
        let error = await #expect(throws: HostError.self) { try await upload.value }
        #expect(error?.disposition == .transient, "\(String(describing: error))")
        try await server.start()
        #expect(try await store.entries(in: "R1") == [])
        let again = try await rcloneStore(options, path: "\(bucket.name)/vsn1", of: host)
        try await again.put(file: file, as: "R1/data")
        #expect(try await again.content(of: "R1/data", limit: 40_000_000) == bytes(file))
        #expect(try await bucket.versions().map(\.size) == [40_000_000])
    }

    @Test("a vendor's files are copied once, and locked like all else")
    func copying() async throws {
        let bucket = try await bucket()
        let store = try await store(bucket)
        let vendor = try await directoryStore("\(host.scratch.path)/vendor", of: host)
        try host.scratch.write("one", to: "vendor/releases/1.0/files/a")
        for _ in 1...2 { try await store.copy(from: vendor, "releases/1.0", as: "vendor/1.0") }
        #expect(try await bucket.versions("vsn1/vendor").map(\.key) == ["vsn1/vendor/1.0/files/a"])
        #expect(try await store.retention(of: "vendor/1.0/files/a") != nil)
    }
}
