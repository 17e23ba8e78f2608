import Files
import Foundation
import HostSupport
import HostSystem
import Model
import TestSupport
import Testing

@testable import Backup

/// J4: a share of Samba as the store.
@Suite(.enabled(if: SMBServer.unavailable == nil))
struct BackupSMBStoreTests {
    let host: HostFixture

    init() throws { host = try HostFixture() }

    @Test("what is put on a share is there, and can be removed")
    func works() async throws {
        let server = try await SMBServer()
        let store = try await rcloneStore(server.options, path: "\(SMBServer.share)/vsn1", of: host)
        try await expectStoreWorks(store, of: host)
        try await store.remove("acme/R1")
        #expect(try await store.entries(in: "acme") == [])
        #expect(try FileManager.default.contentsOfDirectory(atPath: server.directory) == ["vsn1"])
    }

    @Test("a wrong password and an unknown share are told apart")
    func failures() async throws {
        let server = try await SMBServer()
        let path = "\(SMBServer.share)/vsn1"
        let stranger = try await rcloneStore(server.options.merging(["pass": "canary"]) { $1 }, path: path, of: host)
        let refused = await #expect(throws: HostError.self) { try await stranger.check() }
        #expect(refused?.hint == "correct the target's user and the secret of its password")
        let lost = try await rcloneStore(server.options, path: "nothing/vsn1", of: host)
        let unknown = await #expect(throws: HostError.self) { try await lost.check() }
        #expect(unknown?.hint == "correct 'path' of the target: it begins with the share")
        for error in [refused, unknown] { #expect(error?.disposition == .permanent) }
    }
}
