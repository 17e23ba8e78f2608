import Foundation
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "What concerns no container replaces none", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct HostSideTests {
    private static let jobs = """
        {"maintenance": {"cleanup": {"schedule": "30 3 * * *", "keep": "14d"},
                         "healthcheck": {"schedule": "*/5 * * * *"}}}
        """
    private static let page = #"{"containers": {"web": {"files": [{"source": "files/page", "target": "/etc/page"}]}}}"#

    @Test("S11: step 4 installs the cron jobs, stops nothing for them, and takes them out of the crontab again")
    func jobs() async throws {
        try await VSN.deployed { vsn in
            let before = try await vsn.containerID("web")
            let operators = "MAILTO=ops\n5 4 * * * /usr/bin/true\n"
            try vsn.cron.install(operators)
            try vsn.commit("1.0.0", "Look after itself", changes: Self.jobs)
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.errorTail)")
            let deployment = try #require(try await vsn.deployments().first)
            #expect(deployment.outcome == .deployed)
            #expect(deployment.steps.map(\.step) == [.validate, .maintenance])
            #expect(try await vsn.containerID("web") == before)
            #expect(try vsn.cron.content().contains("*/5 * * * * "))
            #expect(try vsn.cron.content().hasSuffix(operators))
            let check = "\(vsn.scratch.path)/state/jobs/health-check"
            #expect(FileManager.default.isExecutableFile(atPath: check))
            try vsn.repo.revert()
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try vsn.cron.content() == operators)
            #expect(!FileManager.default.fileExists(atPath: check))
            #expect(try await vsn.containerID("web") == before)
        }
    }

    @Test("S11: the installed health check restarts what failed, with the fairlead binary out of reach")
    func healthCheck() async throws {
        try await VSN.deployed { vsn in
            try vsn.commit("1.0.0", "Look after itself", changes: Self.jobs)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            let check = "\(vsn.scratch.path)/state/jobs/health-check"
            let healthy = try await Command(check, [], environment: [:], deadline: .seconds(120)).runToEnd()
            #expect(healthy.status == 0, "\(healthy.errorTail)")
            try await vsn.sandbox.podman("stop", "--time", "1", "\(vsn.stack)-web")
            for _ in 1...2 { _ = try await Command(check, [], environment: [:], deadline: .seconds(120)).runToEnd() }
            #expect(try await vsn.sandbox.podman("ps", "--format", "{{.Names}}").contains("\(vsn.stack)-web"))
            let told = try await vsn.fairlead("incidents")
            #expect(told.text.contains("restarted"), "\(told.text)")
        }
    }

    @Test("J8: settings of the host stay with the outcome of their deployment, at whichever side of it the crash is")
    func settings() async throws {
        try await VSN.deployed { vsn in
            let operators = "127.0.0.1 localhost\n"
            let hosts = try vsn.scratch.write(operators, to: "hosts")
            let entry = #"{"host": {"hosts": {"192.0.2.6": ["db.internal"]}}}"#
            for checkpoint in ["after maintenance", "before outcome"] {
                try vsn.commit("1.0.0", "Name the database", changes: entry)
                try await vsn.dies(at: checkpoint, hosts: hosts)
                #expect(try String(contentsOfFile: hosts, encoding: .utf8).contains("db.internal"))
                try vsn.repo.revert()
                let reverted = try await vsn.fairlead("reconcile", hosts: hosts)
                #expect(reverted.status == 0, "\(reverted.errorTail)")
                #expect(try String(contentsOfFile: hosts, encoding: .utf8) == operators, "\(checkpoint)")
            }
            try vsn.commit("1.0.0", "Name the database", changes: entry)
            try await vsn.dies(at: "after outcome", hosts: hosts)
            try vsn.commit("9.9.9", "No such image", changes: #"{"host": {"hosts": {"192.0.2.7": ["web.internal"]}}}"#)
            #expect(try await vsn.fairlead("reconcile", hosts: hosts).status == 3)
            #expect(try await vsn.deployments().first?.outcome == .refused)
            #expect(try String(contentsOfFile: hosts, encoding: .utf8).contains("db.internal"))
        }
    }

    @Test("a container that is not replaced keeps the files of the commit that made it, also over a restart")
    func files() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            try vsn.repo.write("files/page", "kept")
            try vsn.commit("1.0.0", changes: Self.page)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            try vsn.commit("1.0.0", "Other drift", changes: String(Self.page.dropLast()) + #", "drift": "report"}"#)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            try await vsn.sandbox.podman("restart", "--time", "1", "\(vsn.stack)-web")
            #expect(try await vsn.sandbox.podman("exec", "\(vsn.stack)-web", "cat", "/etc/page") == "kept")
        }
    }
}

extension VSN {
    fileprivate func dies(at checkpoint: String, hosts: String) async throws {
        let died = await #expect(throws: (any Error).self, "nothing died at '\(checkpoint)'") {
            _ = try await fairlead("reconcile", hosts: hosts, environment: ["FAIRLEAD_CRASH_AT": checkpoint])
        }
        #expect("\(died.map { "\($0)" } ?? "")".contains("signal 9"), "\(checkpoint)")
    }
}
