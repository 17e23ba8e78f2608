import Foundation
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "J3: every change of a host is put down to the commit that made it", .enabled(if: VSN.unavailable == nil),
    .timeLimit(.minutes(5)))
struct AttributionTests {
    @Test("two authors, a refused commit and its mending: history, show, the superseded commit, incident and plan")
    func story() async throws {
        try await VSN.deployed { vsn in
            let limit = try vsn.commit(
                "1.0.0", "set the database's limit",
                changes: #"{"containers": {"database": {"environment": {"LIMIT": "64"}}}}"#)
            try vsn.repo.write("README.md", "words")
            let tip = try vsn.repo.commit("fix a typo in the README", by: "Bob")
            let deployed = try await vsn.fairlead("reconcile")
            #expect(deployed.status == 0, "\(deployed.errorTail)")

            let change = try #require(try await vsn.deployments().first?.changes.first)
            #expect(change.text == "environment LIMIT '64' added" && change.commit?.id.hex == limit)
            let words = "environment LIMIT '64' added (\(limit.prefix(10)) Ada Author: “set the database's limit”)"
            let history = try await vsn.fairlead("history").text
            #expect(history.contains("database: \(words)"), "\(history)")
            #expect(history.contains("deployed with '\(tip.prefix(10))': database: environment"), "\(history)")
            #expect(try await vsn.fairlead("show", "2").text.contains(words))
            let superseded = try await vsn.fairlead("show", String(limit.prefix(10))).text
            #expect(superseded.contains("superseded") && superseded.contains("deployment #2"), "\(superseded)")
            #expect(try await vsn.fairlead("show", "2", "--plan").text.contains("hosts/test.json:1"))

            try await refusal(vsn)
        }
    }

    private func refusal(_ vsn: VSN) async throws {
        try vsn.repo.write("hosts/test.json", #"{"prots": 1}"#)
        let broken = try vsn.repo.commit("add a key", by: "Bob")
        try vsn.repo.write("README.md", "more words")
        try vsn.repo.commit("more words", by: "Cleo")
        let refused = try await vsn.fairlead("reconcile")
        #expect(refused.status == 3)
        let since = "(since \(broken.prefix(10)) Bob: “add a key”)"
        #expect((refused.text + refused.errorTail).contains(since), "\(refused.text)\(refused.errorTail)")
        #expect(try await vsn.fairlead("incidents").text.contains(since))
        #expect(try await vsn.fairlead("history").text.contains(since))
        let status = try await vsn.fairlead("status", "--exit-code")
        #expect(status.status == 3 && status.text.hasPrefix("not whole: "), "\(status.text)")
        #expect(status.text.contains("healthy at "), "\(status.text)")
        #expect(try await vsn.fairlead("doctor").status == 1)
    }
}
