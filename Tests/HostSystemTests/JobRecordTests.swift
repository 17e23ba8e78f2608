import Foundation
import Planning
import TestSupport
import Testing

@testable import HostSystem

@Suite("What is known of the cron jobs (S4)", .enabled(if: CronHost.unavailable == nil))
struct JobRecordTests {
    private func moment(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }

    @Test("an installed job is known with its schedule; after a run, with its result; after removal, not at all")
    func records() async throws {
        let bench = try CleanupBench()
        #expect(bench.cron.host.jobRecords().isEmpty)
        try await bench.cron.installJobs(bench.cron.plan())
        let waiting = try #require(bench.cron.host.jobRecords().first)
        #expect(waiting.name == "cleanup" && waiting.schedule == "30 3 * * *" && waiting.lastRun == nil)
        try await bench.run()
        let run = try #require(bench.cron.host.jobRecords().first?.lastRun)
        #expect(run.status == 0 && run.summary == "freed 0 bytes" && run.ended >= run.started)
        try bench.cron.fixture.scratch.write("status=x\n\u{0}garbage", to: "state/jobs/results/cleanup")
        #expect(bench.cron.host.jobRecords().first?.lastRun == nil)
        try await bench.cron.host.removeJobs()
        #expect(bench.cron.host.jobRecords().isEmpty)
    }

    @Test("a job is overdue when two of its times have passed since it ran, or since it was installed")
    func overdue() {
        func isOverdue(ranAt started: Int64?, installed: Int64, now: Int64) -> Bool {
            let run = started.map {
                JobRecord.Run(started: moment($0), ended: moment($0 + 9), status: 0, summary: "")
            }
            let record = JobRecord(
                name: "cleanup", schedule: "*/5 * * * *", installed: moment(installed), lastRun: run, skipped: nil)
            return record.isOverdue(at: moment(now), offset: { _ in 0 })
        }
        // Due at 600, 900, 1200 …
        #expect(!isOverdue(ranAt: 600, installed: 0, now: 1199))
        #expect(!isOverdue(ranAt: 900, installed: 0, now: 1201))
        #expect(isOverdue(ranAt: 601, installed: 0, now: 1201))
        #expect(!isOverdue(ranAt: nil, installed: 601, now: 1199))
        #expect(isOverdue(ranAt: nil, installed: 601, now: 1201))
        #expect(!isOverdue(ranAt: 601, installed: 1000, now: 1201), "installed anew by a deployment")
    }
}
