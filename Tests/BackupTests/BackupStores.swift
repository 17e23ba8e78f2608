import Foundation
import HostSupport
import HostSystem
import Model
import TestSupport
import Testing

@testable import Backup

/// A store of a test: a remote of rclone whose values are all secrets.
func rcloneStore(
    _ options: [String: String], path: String, of host: HostFixture, bandwidth: ByteCount? = nil
) async throws -> BackupStore {
    let texts = Dictionary(uniqueKeysWithValues: options.keys.map { ($0, SecretText(source: "${secret:\($0)}")) })
    let target = BackupTarget(
        store: .rclone(options: texts.merging(["type": SecretText(source: options["type"] ?? "")]) { $1 }, path: path),
        bandwidth: bandwidth)
    return try await BackupStore(
        name: "offsite", target: target, secrets: Secrets(options), configuration: host.configuration)
}

func directoryStore(_ path: String, local: Bool = true, of host: HostFixture) async throws -> BackupStore {
    try await BackupStore(
        name: "nas", target: BackupTarget(store: .directory(path, local: local)), secrets: Secrets(),
        configuration: host.configuration)
}

extension RcloneServer {
    var webdav: [String: String] {
        [
            "type": "webdav", "url": "http://127.0.0.1:\(port)", "vendor": "other", "user": Self.user,
            "pass": Self.password,
        ]
    }

    var sftp: [String: String] {
        ["type": "sftp", "host": "127.0.0.1", "port": "\(port)", "user": Self.user, "pass": Self.password]
    }
}

extension SMBServer {
    var options: [String: String] {
        ["type": "smb", "host": "127.0.0.1", "port": "\(port)", "user": Self.user, "pass": password]
    }
}

extension HostFixture {
    /// A file of `count` bytes that cannot be compressed and differs from every other.
    func file(bytes count: Int, named name: String = "upload") throws -> String {
        let path = "\(scratch.path)/\(name)"
        var generator = SystemRandomNumberGenerator()
        let words = (0..<(count + 7) / 8).map { _ in generator.next() }
        try words.withUnsafeBytes { Data($0.prefix(count)) }.write(to: URL(filePath: path))
        return path
    }
}

func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

/// What a store does whatever it is.
func expectStoreWorks(_ store: BackupStore, of host: HostFixture, size: Int = 3_000_000) async throws {
    try await store.check()
    #expect(try await store.entries() == [])
    #expect(try await store.content(of: "acme/R1/data", limit: size) == nil)
    for _ in 1...2 {
        let file = try host.file(bytes: size)
        try await store.put(file: file, as: "acme/R1/data")
        #expect(try await store.content(of: "acme/R1/data", limit: size) == bytes(file))
    }
    try await store.put(file: host.file(bytes: 0), as: "acme/R1/empty")
    #expect(try await store.content(of: "acme/R1/empty", limit: 0) == [])
    #expect(try await store.content(of: "acme/R1", limit: size) == nil)
    let entries = try await store.entries(in: "acme/R1")
    #expect(entries.map(\.name) == ["data", "empty"])
    #expect(entries.map(\.bytes) == [Int64(size), 0])
    #expect(try await store.entries(in: "acme/R2") == [])
}
