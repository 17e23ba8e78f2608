package import Backup
internal import Logging
package import Model
internal import ServiceLifecycle

/// Makes the drills of the deployed plan when they are due, and removes what one left that was killed.
///
/// A service of its own: a backup that is due does not wait for the end of a drill.
package struct DrillService: Service {
    private let runner: DrillRunner
    private let work: DueWork

    package init(runner: DrillRunner, work: DueWork) {
        self.runner = runner
        self.work = work
    }

    private var logger: Logger { work.logger }

    /// Until the service is ended.
    package func run() async throws {
        await work.repeated(after: recover) {
            if runner.hasRemains() { await recover() }
            await look()
        }
        // What the cancellation kept the drill itself from.
        if runner.hasRemains() { await recover() }
    }

    private func recover() async {
        do {
            try await runner.recover()
        } catch {
            logger.debug("what a drill left is not removed yet", metadata: ["reason": "\(error)"])
        }
    }

    private func look() async {
        do {
            guard try await isDue() else { return }
            tell(try await runner.withExclusion { try await runner.run() })
        } catch let error where error is BackupRunning || error is DrillRunning || error is DrillOvertaken {
            logger.debug("no drill now", metadata: ["reason": "\(error)"])
        } catch let error where !(error is CancellationError) {
            logger.error("the backup drill could not be made", metadata: ["error": "\(error)"])
        } catch {}
    }

    private func isDue() async throws -> Bool {
        let (journal, backups) = (runner.journal, runner.backups)
        guard let deployed = try await journal.deployedState(), let schedule = deployed.desired.plan.backup?.drill,
            let due = try await backups.due(deployed, work.offset), !due.copies,
            try await journal.unfinishedDeployment() == nil
        else { return false }
        return DrillDue.isDue(
            schedule, DrillState.read(stateDirectory: backups.stateDirectory),
            installed: try await backups.installed(deployed), now: backups.clock(), work.offset)
    }

    private func tell(_ result: DrillResult) {
        var metadata: Logger.Metadata = ["summary": "\(result.summary)"]
        if let run = result.run { metadata["run"] = "\(run)" }
        for warning in result.warnings { logger.warning("backup drill", metadata: ["warning": "\(warning)"]) }
        if result.error == nil {
            logger.notice("backup drill passed", metadata: metadata)
        } else {
            logger.error("backup drill failed", metadata: metadata)
        }
    }
}

/// When a drill has to be made; a pure function of what is known.
package enum DrillDue {
    /// After so many failures that may pass, the next time of the schedule is waited for.
    static let backoff = Backoff(attempts: 6, firstDelay: .seconds(300), longestDelay: .seconds(3600))

    /// `installed`: since when the plan is deployed; a time before that is nobody's. `offset`: of local time from UTC.
    package static func isDue(
        _ schedule: String, _ last: DrillState?, installed: Timestamp, now: Timestamp, _ offset: (Timestamp) -> Int64
    ) -> Bool {
        if let last, last.mayPass, last.attempt.failures > 0, !backoff.isLasting(after: last.attempt.failures) {
            return backoff.isOver(after: last.attempt.failures, since: last.attempt.ended, at: now)
        }
        guard let due = DueTimes(schedule)?.last(1, before: now, offset: offset).first else { return false }
        let made = last?.attempt.began ?? installed
        // Made by a clock that was ahead, as with backups.
        return due > made || made.since(now) > .seconds(3600)
    }
}
