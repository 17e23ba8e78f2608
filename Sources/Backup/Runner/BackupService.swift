internal import Files
internal import Logging
package import Model
internal import ServiceLifecycle

/// Makes the backups of the deployed plan when they are due, and sends again what a target did not take.
///
/// One that was missed while the host, or Fairlead, was off is made as soon as there is a stack again.
package struct BackupService: Service {
    private let runner: BackupRunner
    private let work: DueWork

    package init(runner: BackupRunner, work: DueWork) {
        self.runner = runner
        self.work = work
    }

    private var logger: Logger { work.logger }

    /// Until the service is ended.
    package func run() async throws {
        await work.repeated(after: recover, look)
    }

    /// A container that a copy held when Fairlead was killed must not wait for the next backup.
    private func recover() async {
        do {
            try await runner.withExclusion { try await runner.recover() }
        } catch {
            logger.debug("no backup to recover", metadata: ["reason": "\(error)"])
        }
    }

    private func look() async {
        do {
            guard let deployed = try await runner.journal.deployedState() else { return }
            try await tellWhatLeft(deployed.desired.plan)
            guard let due = try await runner.due(deployed, work.offset) else { return }
            if due.copies {
                let result = try await runner.withExclusion { try await runner.run() }
                tell(result.sealed)
                tell(result.deliveries)
            } else if due.delivers, try !runner.backups.undelivered().isEmpty {
                tell(try await runner.withExclusion { try await runner.deliver(deployed) })
            } else {
                tell(try await runner.withExclusion { try await runner.deliverRelease(deployed) })
            }
        } catch is BackupRunning {
            logger.debug("another backup runs")
        } catch let error as HostError where error.isInterruption && !Task.isCancelled {
            logger.notice("the backup is made again", metadata: ["reason": "\(error.message)"])
        } catch let error where !(error is CancellationError) {
            logger.error("the backup failed", metadata: ["error": "\(error)"])
        } catch {}
    }

    /// A drill that failed would stand in `status` for good, since none follows.
    private func tellWhatLeft(_ plan: ResolvedPlan) async throws {
        guard try await runner.incidents.leftPlan(plan) else { return }
        try DrillState.remove(stateDirectory: runner.stateDirectory)
    }

    private func tell(_ deliveries: [Backups.ReleaseDelivery]) {
        for delivery in deliveries {
            if let failure = delivery.failure {
                logger.error(
                    "the vendor's files were not copied",
                    metadata: ["target": "\(delivery.target)", "error": "\(failure)"])
            } else if delivery.files > 0 {
                logger.notice(
                    "vendor's files copied",
                    metadata: [
                        "target": "\(delivery.target)", "version": "\(delivery.version)",
                        "files": "\(delivery.files)",
                    ])
            }
        }
    }

    private func tell(_ sealed: Backups.Sealed?) {
        guard let sealed else { return }
        for failure in sealed.failures {
            logger.error("a data directory was not saved", metadata: ["reason": "\(failure.words)"])
        }
        for (name, words) in sealed.manifest.shrunk {
            logger.warning(
                "a data directory is much smaller than it was", metadata: ["data": "\(name)", "size": "\(words)"])
        }
    }

    private func tell(_ deliveries: [Backups.Delivery]) {
        for delivery in deliveries {
            if let failure = delivery.failure {
                logger.error(
                    "the backup was not delivered", metadata: ["target": "\(delivery.target)", "error": "\(failure)"])
            } else if !delivery.delivered.isEmpty {
                logger.notice(
                    "backup delivered",
                    metadata: [
                        "target": "\(delivery.target)", "size": "\(ByteCount(bytes: delivery.bytes).rounded)",
                        "run": "\(delivery.delivered.map(\.description).joined(separator: " "))",
                    ])
            }
        }
    }
}

/// What is to be done for the backups of a plan now.
package struct BackupDue: Hashable {
    /// A copy of the data has to be made.
    package let copies: Bool
    /// A target may be tried again.
    package let delivers: Bool

    /// `installed`: since when the plan is deployed; a time before that is nobody's. `offset`: of local time from UTC.
    package init(
        _ plan: BackupPlan, _ state: BackupState, hasMovedHere: Bool = false, installed: Timestamp, now: Timestamp,
        _ offset: (Timestamp) -> Int64
    ) {
        let last = DueTimes(plan.schedule)?.last(1, before: now, offset: offset).first
        if let copy = state.copy, copy.run == nil {
            copies = Self.mayTry(after: copy, now)
        } else {
            let made = state.copy?.began ?? installed
            // Made by a clock that was wrong: to wait until that time comes would be to make none for years.
            let isAhead = made.since(now) > .seconds(3600)
            // Each try saves, sends and keeps everything: one more is what a container that just started is worth.
            let isAgain = state.copy.map { $0.incomplete != nil && $0.failures == 1 && Self.mayTry(after: $0, now) }
            copies =
                hasMovedHere && state.copy == nil || isAhead || isAgain == true || last.map { $0 > made } ?? false
        }
        delivers = plan.targets.keys.contains { name in
            guard let attempt = state.targets[name], attempt.failures > 0 else { return true }
            return Self.mayTry(after: attempt, now)
        }
    }

    /// Whether the pause after a failure is over, or the clock was set back meanwhile.
    private static func mayTry(after attempt: BackupState.Attempt, _ now: Timestamp) -> Bool {
        BackupState.backoff.isOver(after: attempt.failures, since: attempt.ended, at: now)
    }
}
