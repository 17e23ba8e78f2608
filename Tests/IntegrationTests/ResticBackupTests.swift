import Foundation
import Processes
import TestSupport
import Testing

@Suite(
    "A big volume that is saved with restic",
    .enabled(
        if: VSN.unavailable == nil && S3Server.unavailable == nil && TestProgram.missingForRoot("restic") == nil),
    .timeLimit(.minutes(10)))
struct ResticBackupTests {
    private static let paused = #"{"mode": "pause", "engine": "restic"}"#

    @Test("J4: what changed is sent to a bucket that locks it, with a key that can delete nothing, and is restored")
    func locked() async throws {
        try await VSN.with { vsn in
            try await vsn.makeBackupKeys()
            try await vsn.publish("1.0.0")
            let bucket = try await S3Bucket(lockDays: 180, on: S3Server.shared())
            try vsn.commit("1.0.0", changes: try await vsn.savingTo(bucket, database: Self.paused))
            expect(try await vsn.fairlead("reconcile"), status: 0)
            try vsn.write(String(repeating: "a line of text\n", count: 1000), to: "database/rows")
            expect(try await vsn.fairlead("backup", "now"), status: 0)
            let first = try await bucket.versions("vsn1/")
            try vsn.write("changed", to: "database/rows")
            expect(try await vsn.fairlead("backup", "now"), status: 0)
            expect(try await vsn.fairlead("backup", "verify"), status: 0)
            #expect(try await vsn.state(of: "database") == "running")
            // No version was made of an object that was there, none removed.
            let all = try await bucket.versions("vsn1/")
            #expect(Set(all.map(\.key)).count == all.count && !all.contains(where: \.isDeleteMarker))
            #expect(first.allSatisfy(all.contains))

            try FileManager.default.removeItem(atPath: "\(vsn.dataDirectory)/database")
            expect(try await vsn.fairlead("reconcile", "--force"), status: 0)
            #expect(vsn.data("database/rows") == "changed")

            expect(try await vsn.fairlead("backup", "restore", "--to", "\(vsn.scratch.path)/look"), status: 0)
            let rows = try String(contentsOfFile: "\(vsn.scratch.path)/look/database/rows", encoding: .utf8)
            #expect(rows == "changed")
            expect(
                try await vsn.fairlead(["backup", "drill"], deadline: .seconds(300)), status: 0,
                saying: "serves on its backup")
            try await goneBase(first, bucket, vsn)
        }
    }

    /// What a run builds on is hidden by a delete marker.
    private func goneBase(_ first: [S3Bucket.Version], _ bucket: S3Bucket, _ vsn: VSN) async throws {
        let part = try #require(first.first { $0.key.hasSuffix("/database.restic.tar.age.0000") })
        try await bucket.delete(part.key).checked()
        expect(try await vsn.fairlead("backup", "now"), status: 1)
        let open = try await vsn.fairlead("incidents", "--open").text
        #expect(open.contains("is missing") && open.contains("the next backup sends everything again"), "\(open)")
        expect(try await vsn.fairlead("backup", "now"), status: 0)
        expect(try await vsn.fairlead("backup", "verify"), status: 0)
        #expect(try await vsn.fairlead("incidents", "--open").text.contains("is missing") == false)
    }

    @Test("what a kill in the middle of a copy held goes on, and the next backup is whole")
    func killedCopy() async throws {
        try await VSN.savable(database: Self.paused) { vsn in
            try await vsn.fill("\(vsn.dataDirectory)/database/big", megabytes: 300)
            try await vsn.killBackupWhilePaused()
            try FileManager.default.removeItem(atPath: "\(vsn.dataDirectory)/database/big")
            try vsn.write("rows", to: "database/rows")
            expect(try await vsn.fairlead("backup", "now"), status: 0)
            #expect(try await vsn.state(of: "database") == "running")
            #expect(try vsn.runs().count == 1)
            expect(try await vsn.fairlead("backup", "verify"), status: 0)
            try FileManager.default.removeItem(atPath: "\(vsn.dataDirectory)/database")
            expect(try await vsn.fairlead("reconcile", "--force"), status: 0)
            #expect(vsn.data("database/rows") == "rows")
        }
    }
}

extension VSN {
    fileprivate func write(_ text: String, to file: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(dataDirectory)/\(file)"))
    }
}
