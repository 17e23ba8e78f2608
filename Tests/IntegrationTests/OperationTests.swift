import Foundation
import Journal
import Processes
import TestSupport
import Testing

@Suite("The daily life of a stack", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct OperationTests {
    @Test("a suspended host deploys nothing until it is resumed")
    func suspension() async throws {
        try await VSN.deployed { vsn in
            #expect(try await vsn.fairlead("suspend", "--reason", "audit until noon").status == 0)
            try await vsn.publish("1.1.0")
            try vsn.commit("1.1.0")
            let suspended = try await vsn.fairlead("reconcile")
            #expect((suspended.text + suspended.errorTail).contains("audit until noon"))
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.fairlead("resume").status == 0)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(await vsn.served() == "1.1.0")
        }
    }

    @Test("S13: a teardown leaves no container and no network, keeps the data, and stays until it is resumed")
    func teardown() async throws {
        try await VSN.deployed { vsn in
            let result = try await vsn.fairlead("teardown", "--yes")
            #expect(result.status == 0, "\(result.errorTail)")
            #expect(try await vsn.containers() == [])
            #expect(try await vsn.networks() == [])
            #expect(vsn.data("database/starts") != nil)
            _ = try await vsn.fairlead("reconcile")
            #expect(try await vsn.containers() == [])
            #expect(try await vsn.fairlead("resume").status == 0)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(await vsn.served() == "1.0.0")
        }
    }

    @Test("two reconcilers never act at once")
    func exclusion() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            try vsn.commit("1.0.0")
            async let one = vsn.fairlead("reconcile")
            async let two = vsn.fairlead("reconcile")
            let (first, second) = try await (one, two)
            #expect(first.status == 0, "\(first.errorTail)")
            #expect(second.status == 0, "\(second.errorTail)")
            #expect(try await vsn.deployments().count == 1)
            #expect(await vsn.served() == "1.0.0")
        }
    }

    @Test("a rewritten branch is followed with a warning, and refused where the configuration says so")
    func rewritten() async throws {
        try await VSN.deployed { vsn in
            try await vsn.publish("1.1.0")
            try vsn.repo.git("checkout", "--quiet", "--orphan", "other")
            try vsn.commit("1.1.0", "Another history")
            try vsn.repo.git("branch", "--force", "main", "other")
            try vsn.configure([
                "repository": ["url": vsn.repo.path, "requireFastForward": true] as [String: any Sendable]
            ])
            let refused = try await vsn.fairlead("reconcile")
            #expect(refused.status != 0)
            #expect(refused.errorTail.contains("rewritten"))
            #expect(await vsn.served() == "1.0.0")
            try vsn.configure()
            let followed = try await vsn.fairlead("reconcile")
            #expect(followed.status == 0, "\(followed.errorTail)")
            #expect((followed.text + followed.errorTail).contains("rewritten"))
            #expect(await vsn.served() == "1.1.0")
        }
    }
}
