import Foundation
import HostSupport
import HostSystem
import Model
import TestSupport

@testable import Jobs

/// A host of one test with Debian's real cron: own tables of cron, found through a `crontab` that is first on its path.
struct CronHost {
    var fixture: JobFixture
    /// For programs of the jobs that talk to containers; nobody else's images may be pruned.
    var engine = EngineProgram(name: "true")

    static let unavailable: String? =
        mustRun ? nil : !isRoot ? "not root" : TestProgram.find("cron") == nil ? "cron is not installed" : nil

    init(name: String = "") throws {
        fixture = try JobFixture()
        let root = fixture.scratch.path
        fixture.configuration.stateDirectory = "\(root)/state\(name)"
        fixture.configuration.logDirectory = "\(root)/log"
        fixture.configuration.systemLogDirectories = ["\(root)/syslog"]
        let tables = try CronTables(root: root)
        fixture.configuration.crontabFile = tables.file
        fixture.configuration.commandPath = tables.path
        fixture.configuration.programVersion = "1.2.3"
        for directory in ["cron.d", "syslog"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(directory)", withIntermediateDirectories: true)
        }
    }

    var root: String { fixture.scratch.path }
    var state: String { fixture.configuration.stateDirectory }
    var spoolFile: String { "\(root)/spool/crontabs/root" }

    var jobs: HostJobs { HostJobs(fixture.configuration, engineProgram: { [engine] in engine }) }
    var table: RootCrontab { RootCrontab(fixture.configuration) }

    /// What a deployment asks before it touches anything: what this host has, then what of it keeps jobs from running.
    func problems(for plan: ResolvedPlan) async throws -> [HostProblem] {
        var host = try HostFixture()
        host.configuration.commandPath = fixture.configuration.commandPath
        return try await host.host.ownProblems(of: plan) + jobs.problems(of: plan)
    }

    /// What cron has, without the lines that `crontab` adds; `nil` when there is nothing.
    var crontab: String? {
        FileManager.default.contents(atPath: spoolFile).map {
            String(decoding: CrontabFile.withoutHeader(Array($0)), as: UTF8.self)
        }
    }

    /// As an operator would with `crontab`.
    func install(_ text: String) throws {
        try TestProgram("sh", ["\(root)/bin/crontab", "-"], input: text).run()
    }

    /// Without `crontab`, which refuses what it does not like.
    func plant(_ text: String) throws { try fixture.scratch.write(text, to: "spool/crontabs/root") }

    /// Runs cron on these tables until `condition` holds; at most `limit`.
    func withCron(limit: Duration = .seconds(130), until condition: () -> Bool) async throws {
        let script = """
            mount --bind "$0/spool" /var/spool/cron && mount --bind "$0/cron.d" /etc/cron.d &&
            mount --bind /dev/null /etc/crontab && mount -t tmpfs tmpfs /run && exec cron -f
            """
        let cron = try TestProgram("unshare", ["--mount", "sh", "-c", script, root]).start()
        defer { cron.stop() }
        let deadline = ContinuousClock.now + limit
        while !condition(), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(200)) }
    }

    func plan(cleanup: String? = "30 3 * * *", keep: String = "14d") throws -> ResolvedPlan {
        var plan = HostSupport.plan(["web": container()])
        if let cleanup, let keep = PlanDuration(keep) {
            plan.maintenance = MaintenancePlan(cleanup: .init(schedule: cleanup, keep: keep))
        }
        return plan
    }

    @discardableResult
    func installJobs(_ plan: ResolvedPlan, deployment: Int64 = 7) async throws -> [String] {
        let commit = try JobScript.Origin.test().commit
        return try await jobs.installJobs(
            for: plan, commit: commit, deployment: deployment, secrets: Secrets([:]),
            replaced: Set(plan.containers.keys))
    }

    /// As a teardown does.
    func removeJobs() async throws {
        try await jobs.removeJobs(of: plan(), commit: JobScript.Origin.test().commit, deployment: 8)
    }
}
