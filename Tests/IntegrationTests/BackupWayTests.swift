import Foundation
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "T3: how data is saved stands in the plan of a host", .enabled(if: VSN.unavailable == nil),
    .timeLimit(.minutes(5)))
struct BackupWayTests {
    @Test("a way that an image's label chose is told as such; of an image that is not here, that it is not known")
    func label() async throws {
        try await VSN.savable(database: "{}") { vsn in
            let standard = try await vsn.fairlead("plan", "--resolved")
            #expect(standard.text.contains("how its data is saved:"), "\(standard.text)\(standard.errorTail)")
            #expect(standard.text.contains("by default"), "\(standard.text)")

            var image = PodmanTestImage("1.0.0")
            image.labels = ["io.fairlead.backup.mode": "stop"]
            try await vsn.registry.push(image, repository: "acme/database", tag: "1")
            let name = "\(vsn.registry.address)/acme/database:1"
            let changes = try await vsn.backupChanges(database: "{}")
                .replacingOccurrences(of: #""database": {"#, with: #""database": {"image": "\#(name)", "#)
            try vsn.commit("1.0.0", "Another database", changes: changes)
            let unknown = try await vsn.fairlead("plan", "--resolved")
            #expect(unknown.text.contains("its image '\(name)' is not on this host yet"), "\(unknown.text)")

            let deployed = try await vsn.fairlead("reconcile")
            #expect(deployed.status == 0, "\(deployed.text)\(deployed.errorTail)")
            let told = try await vsn.fairlead("plan", "--resolved")
            #expect(told.text.contains("from the image's label"), "\(told.text)")
            let deployment = try #require(try await vsn.deployments().first)
            let shown = try await vsn.fairlead("show", "\(deployment.id)")
            #expect(
                shown.text.contains("database: how data is saved, from the image's label: backup.mode 'stop'"),
                "\(shown.text)")
            let json = try await vsn.fairlead("plan", "--resolved", "--output", "json").text
            #expect(json.contains(#""origin" : "image""#) && json.contains(#""mode" : "stop""#), "\(json)")
        }
    }
}
