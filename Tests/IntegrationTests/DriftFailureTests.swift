import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite("A repair that goes wrong", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct DriftFailureTests {
    @Test("that does not become healthy leaves the rest of the stack alone, and is not tried in a loop")
    func unhealthy() async throws {
        try await VSN.deployed(with: VSN.fragile) { vsn in
            let web = try await vsn.containerID("web")
            try vsn.break("database")
            try await vsn.remove("database")
            let failed = try await vsn.fairlead("reconcile")
            #expect(failed.status == 5, "\(failed.errorTail)")
            let repair = try #require(try await vsn.deployments().first)
            #expect(repair.trigger == .drift)
            #expect(repair.outcome == .broken)
            #expect(repair.error?.contains("crashes in a loop") == true)
            #expect(try await vsn.containerID("web") == web)
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.journal().deployedState()?.deployment == 1)
            // It is gone again, and its time has not come.
            try await vsn.remove("database")
            _ = try await vsn.fairlead("reconcile")
            #expect(try await vsn.deployments().count == 2)
            #expect(try await vsn.journal().failures().count == 1)
            #expect(try await vsn.journal().openIncidents().map(\.kind) == [.drift])
            try vsn.mend("database")
            #expect(try await vsn.fairlead("retry").status == 0)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.deployments().first?.outcome == .deployed)
            #expect(try await vsn.journal().failures().isEmpty)
            #expect(try await vsn.containerID("web") == web)
            #expect(try await vsn.journal().openIncidents().isEmpty)
        }
    }

    @Test("leaves its memory and its incident to its own container when another one is repaired")
    func another() async throws {
        try await VSN.deployed(with: VSN.fragile) { vsn in
            try vsn.break("database")
            try await vsn.remove("database")
            #expect(try await vsn.fairlead("reconcile").status == 5)
            try await vsn.remove("database")
            try await vsn.sandbox.podman("pause", "\(vsn.stack)-web")
            #expect(try await vsn.fairlead("reconcile").status == 5)
            let repair = try #require(try await vsn.deployments().first)
            #expect(repair.trigger == .drift && repair.outcome == .deployed)
            #expect(repair.changes.map(\.subject) == ["web"])
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.containers() == ["\(vsn.stack)-web"])
            #expect(try await vsn.openSubjects() == ["database"])
            #expect(try await vsn.journal().failures().count == 1)
        }
    }

    @Test("that cannot begin touches nothing, and is tried again with backoff")
    func refused() async throws {
        try await VSN.deployed { vsn in
            let database = try await vsn.containerID("database")
            try await vsn.sandbox.podman("rm", "--force", "--time", "0", "\(vsn.stack)-web")
            let foreign = try LoopbackPort.listener(vsn.port)
            let held = try await vsn.fairlead("reconcile")
            close(foreign)
            #expect(held.status == 5, "\(held.errorTail)")
            #expect(held.errorTail.contains("\(vsn.port)"))
            #expect(try await vsn.deployments().first?.outcome == .refused)
            try await Task.sleep(for: .seconds(1))
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.containerID("database") == database)
            #expect(try await vsn.journal().failures().isEmpty)
        }
    }

    @Test("whose cause does not pass says so, with the command that tries it again; it ends with the container's plan")
    func permanent() async throws {
        try await VSN.deployed(with: "{\(VSN.deadMail), \(VSN.fragile.dropFirst())") { vsn in
            try vsn.break("database")
            try await vsn.remove("database")
            #expect(try await vsn.fairlead("reconcile").status == 5)
            let failure = try #require(try await vsn.journal().failures().first)
            #expect(failure.disposition == .permanent && failure.nextAttempt == nil)
            let mail = try #require(try vsn.mails().first)
            #expect(mail.subject.hasSuffix("drift: database could not be repaired"))
            #expect(mail.body.contains("not tried again by itself, but by 'fairlead retry'"), "\(mail.body)")
            // Nobody takes a container that left the plan for one that runs.
            let removal = #"{\#(VSN.deadMail), "containers": {"database": null, "web": {"dependsOn": null}}}"#
            try vsn.commit("1.0.0", changes: removal)
            // It is half of the stack.
            try vsn.configure(["policy": ["maximumShrink": 50]])
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.openSubjects() == [])
            #expect(try vsn.subjects().last == "incident of 'database' ended: it is not in the plan")
        }
    }

    @Test("is over with the stack: after a teardown, or a roll back to containerless, nothing is told of it")
    func gone() async throws {
        try await VSN.deployed(with: VSN.healthy) { vsn in
            let image = "\(vsn.registry.address)/acme/web:1.0.0"
            func fail() async throws {
                try await vsn.remove("web")
                try await vsn.sandbox.podman("create", "--name", "\(vsn.stack)-web", image)
                #expect(try await vsn.fairlead("reconcile").status == 5)
                #expect(try await vsn.openSubjects() == ["web"])
                try await vsn.remove("web")
            }
            func isForgotten() async throws {
                let status = try await vsn.fairlead("status").text
                #expect(!status.contains("next try") && !status.contains("drift"), "\(status)")
                #expect(try vsn.subjects().contains("incident of 'web' ended: nothing is deployed any more"))
            }
            try await fail()
            #expect(try await vsn.fairlead("teardown", "--yes").status == 0)
            #expect(try await vsn.openSubjects() == [])
            #expect(try await vsn.journal().failures().isEmpty)
            try await isForgotten()

            #expect(try await vsn.fairlead("resume").status == 0)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            try await fail()
            try vsn.commit("1.0.0", changes: VSN.unhealthy)
            #expect(try await vsn.fairlead("reconcile").status == 4)
            #expect(try await vsn.deployments().first?.outcome == .containerless)
            #expect(try await vsn.openSubjects() == ["stack"])
            #expect(try await vsn.journal().failures().count == 1)
            try await isForgotten()
        }
    }

    @Test("a kill in any state of a repair converges, and touches no other container")
    func crash() async throws {
        try await VSN.deployed { vsn in
            let database = try await vsn.containerID("database")
            for checkpoint in ["in validate", "web removed", "web created", "web started", "before outcome"] {
                try await vsn.sandbox.podman("stop", "--time", "0", "\(vsn.stack)-web")
                let crashed = await #expect(throws: (any Error).self, "nothing died at '\(checkpoint)'") {
                    _ = try await vsn.fairlead("reconcile", environment: ["FAIRLEAD_CRASH_AT": checkpoint])
                }
                #expect("\(crashed.map { "\($0)" } ?? "")".contains("signal 9"), "\(checkpoint)")
                let restart = try await vsn.fairlead("reconcile")
                #expect(restart.status == 0, "\(checkpoint): \(restart.errorTail)")
                #expect(await vsn.served() == "1.0.0", "\(checkpoint)")
                #expect(try await vsn.containers() == ["\(vsn.stack)-database", "\(vsn.stack)-web"], "\(checkpoint)")
                #expect(try await vsn.containerID("database") == database, "\(checkpoint)")
                #expect(try await vsn.journal().unfinishedDeployment() == nil, "\(checkpoint)")
                #expect(try await vsn.journal().deployedState() != nil, "\(checkpoint)")
            }
        }
    }
}
