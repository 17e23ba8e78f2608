import Foundation
import Journal
import Processes
import TestSupport
import Testing

@Suite(
    "S7: what runs works in the directory that is the stack's data", .enabled(if: VSN.unavailable == nil),
    .timeLimit(.minutes(10)))
struct AdoptedDataTests {
    @Test("a container that still works in the directory in whose place another one was adopted is made anew")
    func adoptedBelowRunningStack() async throws {
        try await VSN.deployed { vsn in
            let database = try await vsn.containerID("database")
            let data = "\(vsn.dataDirectory)/database"
            try FileManager.default.moveItem(atPath: data, toPath: "\(vsn.scratch.path)/away")
            expect(try await vsn.fairlead("adopt", "--data", "database"), status: 0, saying: "made anew, empty")
            let words = "works in another directory than what data directory 'database' is now"
            #expect(try await vsn.fairlead("status").text.contains(words))
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(try await vsn.containerID("database") != database)
            #expect(vsn.data("database/starts") != nil)
            #expect(try await vsn.fairlead("status").text.contains(words) == false)

            // The same directory, moved away and back, is none of that.
            let again = try await vsn.containerID("database")
            try FileManager.default.moveItem(atPath: data, toPath: "\(vsn.scratch.path)/once")
            try FileManager.default.moveItem(atPath: "\(vsn.scratch.path)/once", toPath: data)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(try await vsn.containerID("database") == again)
        }
    }
}
