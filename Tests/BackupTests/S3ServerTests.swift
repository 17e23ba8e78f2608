import Foundation
import Processes
import TestSupport
import Testing

@Suite("The S3 server of the tests keeps what is written once", .enabled(if: S3Server.unavailable == nil))
struct S3ServerTests {
    private func bucket(lockDays: Int? = 1) async throws -> S3Bucket {
        try await S3Bucket(lockDays: lockDays, on: S3Server.shared())
    }

    @Test("neither the owner nor a VSN can remove a locked version or shorten its lock; a longer one is allowed")
    func locked() async throws {
        let bucket = try await bucket()
        let vsn = try await bucket.key(of: "vsn1")
        let version = try #require(try await bucket.put("vsn1/a", Data("one".utf8), as: vsn).checked().version)
        let retention = try #require(try await bucket.retention("vsn1/a", version: version, as: vsn))
        #expect(retention.mode == "COMPLIANCE" && abs(retention.until.timeIntervalSinceNow - 86400) < 60)
        let sooner = S3Bucket.Retention(until: Date(timeIntervalSinceNow: 60))
        for key in [bucket.server.owner, vsn] {
            #expect(try await bucket.delete("vsn1/a", version: version, as: key).status == 403)
            #expect(try await bucket.setRetention("vsn1/a", sooner, version: version, as: key).status == 403)
        }
        let later = S3Bucket.Retention(until: Date(timeIntervalSinceNow: 200_000))
        try await bucket.setRetention("vsn1/a", later, version: version).checked()
        #expect(try await bucket.get("vsn1/a", version: version, as: vsn).text == "one")
    }

    @Test("an overwritten and a deleted object are still there as older versions")
    func versions() async throws {
        let bucket = try await bucket()
        for text in ["one", "garbage"] { try await bucket.put("a", Data(text.utf8)).checked() }
        try await bucket.delete("a").checked()
        #expect(try await bucket.get("a").status == 404)
        let versions = try await bucket.versions("a")
        #expect(
            versions.map(\.isDeleteMarker) == [true, false, false] && versions.map(\.isLatest) == [true, false, false])
        #expect(versions.map(\.size) == [0, 7, 3])
        #expect(try await bucket.get("a", version: versions[2].id).text == "one")
    }

    @Test("a VSN may put, get and list below its own name, and nothing else")
    func leastPrivilege() async throws {
        let bucket = try await bucket()
        let keys = try await bucket.keys(of: ["vsn1", "vsn2"])
        try await bucket.put("vsn1/a", Data("one".utf8), as: keys[0]).checked()
        #expect(try await bucket.get("vsn1/a", as: keys[0]).text == "one")
        #expect(try await bucket.versions(as: keys[0]).map(\.key) == ["vsn1/a"])
        #expect(try await bucket.delete("vsn1/a", as: keys[0]).code == "AccessDenied")
        #expect(try await bucket.put("vsn1/a", Data(), as: keys[1]).code == "AccessDenied")
        #expect(try await bucket.get("vsn1/a", as: keys[1]).code == "AccessDenied")
        #expect(try await bucket.setDefaultRetention(days: 2, as: keys[0]).code == "AccessDenied")
    }

    @Test("without a lock a version can be removed")
    func unlocked() async throws {
        let bucket = try await bucket(lockDays: nil)
        try await bucket.put("a", Data("one".utf8)).checked()
        #expect(try await bucket.retention("a") == nil)
        try await bucket.delete("a").checked()
        #expect(try await bucket.versions().isEmpty)
    }

    @Test("a lock ends at its time")
    func lockEnds() async throws {
        let server = try await S3Server.shared()
        let bucket = try await S3Bucket(lockDays: 1, on: server)
        let until = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down) + 5)
        let version = try #require(try await bucket.put("a", Data("x".utf8), lockedUntil: until).checked().version)
        #expect(try await bucket.delete("a", version: version).status == 403)
        let end = ContinuousClock.now + .seconds(60)
        while try await bucket.delete("a", version: version).status == 403, ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(250))
        }
        #expect(try await bucket.versions().isEmpty && Date() >= until)
    }

    @Test("what rclone sends in one piece and in many is locked, with the key of a VSN")
    func rclone() async throws {
        let bucket = try await bucket()
        let key = try await bucket.key(of: "vsn1")
        let environment = Command.plainEnvironment.merging(bucket.rcloneEnvironment(key)) { $1 }
        let content = [UInt8]((0..<12 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 7) })
        for (name, bytes) in [("small", Array("x".utf8)), ("large", content)] {
            let path = "store:\(bucket.name)/vsn1/\(name)"
            _ = try await Command("/usr/bin/rclone", ["rcat", path], environment: environment, input: bytes).run()
            let read = try await Command("/usr/bin/rclone", ["cat", path], environment: environment).run()
            #expect(read.output == bytes)
            #expect(try await bucket.retention("vsn1/\(name)")?.mode == "COMPLIANCE")
        }
    }

    @Test("a server that was stopped refuses connections, and has everything when it is started again")
    func stopped() async throws {
        let server = try await S3Server()
        let bucket = try await S3Bucket(lockDays: 1, on: server)
        try await bucket.put("a", Data("one".utf8)).checked()
        try await server.stop()
        await #expect(throws: (any Error).self) { try await bucket.get("a") }
        try await server.start()
        #expect(try await bucket.get("a").text == "one")
    }
}
