import Commands
import Incidents
import Journal
import Logging
import Model
import TestSupport
import Testing

/// A way to people that takes everything.
private struct OpenNotifier: Notifier {
    func queue(_ mail: DueNotification) -> Bool { true }
    func hearsOfChecks() -> Bool { false }
    func sendSoon() {}
    func sendLeftovers() {}
    func adoptSettings(of plan: ResolvedPlan, secrets: Secrets) { Issue.record("no deployment failed") }
}

extension CommandFixture {
    /// What on this host reports incidents into `journal`.
    func reporter(_ journal: Journal) -> IncidentReporter {
        IncidentReporter(
            memory: journal, notifier: OpenNotifier(), lock: "\(scratch.path)/notifications.lock",
            logger: Logger(label: "test"), now: clock.clock.now)
    }
}
