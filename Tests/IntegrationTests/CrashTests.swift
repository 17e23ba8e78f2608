import Journal
import Model
import Processes
import TestSupport
import Testing

/// Kills the real binary in every state of a deployment, starts it again and looks at what is left.
@Suite("A crash at any moment loses nothing", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(15)))
struct CrashTests {
    /// One place of an update for each state that the engine is left in; the names are those of the deployment's
    /// checkpoints. A death before each single call is `EveryFailureTests.crash`.
    static let checkpoints = [
        "before validate", "web image ready", "in tear down", "web stopped", "web removed", "after tear down",
        "database created", "database started", "web started", "in maintenance", "web healthy", "before outcome",
        "after outcome",
    ]

    @Test("a kill in any state of an update converges to the new version with all data")
    func update() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0", "1.1.0")
            try vsn.commit("1.0.0")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            for (round, checkpoint) in Self.checkpoints.enumerated() {
                let version = round.isMultiple(of: 2) ? "1.1.0" : "1.0.0"
                try vsn.commit(version, "\(checkpoint): \(version)")
                try await crash(vsn, at: checkpoint)
                try await converges(vsn, to: version, after: checkpoint)
            }
        }
    }

    @Test("a kill in any state of a roll back ends containerless with all data")
    func rollBack() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            for checkpoint in ["before roll back", "web removed", "after roll back"] {
                try vsn.commit("1.0.0", "Good before \(checkpoint)")
                #expect(try await vsn.fairlead("reconcile").status == 0)
                let starts = try #require(vsn.data("database/starts"))
                try vsn.commit(
                    "1.0.0", "Never healthy: \(checkpoint)",
                    changes: VSN.neverHealthy(at: "/\(checkpoint.count)"))
                try await crash(vsn, at: checkpoint)
                let restart = try await vsn.fairlead("reconcile")
                #expect(restart.status != 0, "\(checkpoint): \(restart.errorTail)")
                #expect(try await vsn.containers() == [], "\(checkpoint)")
                #expect(try await vsn.networks() == [], "\(checkpoint)")
                #expect(try await vsn.deployments().first?.outcome == .containerless, "\(checkpoint)")
                #expect(vsn.data("database/starts")?.hasPrefix(starts) == true, "\(checkpoint)")
            }
        }
    }

    @Test("a kill in any state of a change of cron jobs converges, and stops no container")
    func hostSide() async throws {
        try await VSN.deployed { vsn in
            let web = try await vsn.containerID("web")
            let checkpoints = ["in maintenance", "after maintenance", "after outcome"]
            for (minute, checkpoint) in checkpoints.enumerated() {
                let schedule = "\(minute) 3 * * *"
                try vsn.commit(
                    "1.0.0", "Clean up at \(minute)",
                    changes: #"{"maintenance": {"cleanup": {"schedule": "\#(schedule)", "keep": "14d"}}}"#)
                try await crash(vsn, at: checkpoint)
                let restart = try await vsn.fairlead("reconcile")
                #expect(restart.status == 0, "\(checkpoint): \(restart.errorTail)")
                #expect(try vsn.cron.content().contains(schedule), "\(checkpoint)")
                #expect(try await vsn.containerID("web") == web, "\(checkpoint)")
                let plan = try await vsn.journal().deployedState()?.desired.plan
                #expect(plan?.maintenance?.cleanup?.schedule == schedule, "\(checkpoint)")
            }
        }
    }

    private func crash(_ vsn: VSN, at checkpoint: String) async throws {
        let crashed = await #expect(throws: (any Error).self, "nothing died at '\(checkpoint)'") {
            _ = try await vsn.fairlead("reconcile", environment: ["FAIRLEAD_CRASH_AT": checkpoint])
        }
        #expect("\(crashed.map { "\($0)" } ?? "")".contains("signal 9"), "\(checkpoint)")
    }

    private func converges(_ vsn: VSN, to version: String, after checkpoint: String) async throws {
        let starts = try #require(vsn.data("database/starts"))
        let restart = try await vsn.fairlead("reconcile")
        let said = Comment(rawValue: "\(checkpoint): \(restart.text)\(restart.errorTail)")
        #expect(restart.status == 0, said)
        #expect(await vsn.served() == version, said)
        #expect(try await vsn.containers() == ["\(vsn.stack)-database", "\(vsn.stack)-web"], said)
        #expect(try await vsn.networks() == [vsn.stack], said)
        #expect(try await vsn.journal().unfinishedDeployment() == nil, said)
        #expect(try await vsn.journal().deployedState()?.desired.plan.version == version, said)
        #expect(vsn.data("database/starts")?.hasPrefix(starts) == true, said)
        if checkpoint != "before validate", checkpoint != "after outcome" {
            #expect(restart.errorTail.contains("cut off"), said)
        }
    }
}
