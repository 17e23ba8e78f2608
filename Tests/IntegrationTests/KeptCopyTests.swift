import Foundation
import Journal
import Processes
import TestSupport
import Testing

@Suite(
    "How long copies of the data are kept", .enabled(if: VSN.backupUnavailable == nil), .timeLimit(.minutes(10)))
struct KeptCopyTests {
    @Test("E3: old copies go with the deployment after, and their images with them")
    func keep() async throws {
        try await VSN.migrating { vsn in
            try await vsn.commitFormat(2)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(try await vsn.storedVersions() == ["1.0.0", "2.0.0"])
            let first = vsn.snapshots()
            try await vsn.commitFormat(3)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(try await vsn.storedVersions() == ["2.0.0", "3.0.0"])
            #expect(vsn.snapshots().count == 1)
            #expect(vsn.snapshots() != first)
            try await vsn.commitFormat(3, keep: #""none""#)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(try await vsn.storedVersions() == ["3.0.0"])
            #expect(vsn.snapshots() == [])
            expect(try await vsn.fairlead("rollback", "--yes"), status: 1, saying: "there is no copy of the data")
        }
    }

    @Test("what a roll back sets aside stays until the next deployment, also where the plan that comes back keeps none")
    func keptAside() async throws {
        try await VSN.migrating(keep: #""none""#) { vsn in
            try await vsn.commitFormat(2)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            try vsn.write(rows: "written by 2.0.0")
            expect(try await vsn.fairlead("rollback", "--yes"), status: 0)
            #expect(vsn.format == "1")
            try await vsn.sandbox.podman("rm", "--force", "--time", "0", "\(vsn.stack)-web")
            _ = try await vsn.fairlead("reconcile")
            #expect(await vsn.served() == "1.0.0")
            let aside = try #require(vsn.snapshots().first)
            #expect(try String(contentsOfFile: "\(aside)/data/database/rows", encoding: .utf8) == "written by 2.0.0")
        }
    }
}
