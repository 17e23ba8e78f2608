import Incidents
import Model
import Synchronization

/// A way to people that can break, and that a test can hold up.
final class TestNotifier: Notifier {
    enum State { case open, broken, withoutSettings }

    private struct Broken: Error {}

    let state = Mutex(State.open)
    private let hears: Bool
    private let mails = Mutex<[DueNotification]>([])
    private let sendings = Mutex(0)
    /// Runs before a notification is queued.
    private let before: @Sendable () async -> Void

    init(hearsOfChecks hears: Bool = false, before: @escaping @Sendable () async -> Void = {}) {
        self.hears = hears
        self.before = before
    }

    /// What people were told, the oldest first, such as `stack: opened 'a'`.
    var told: [String] {
        mails.withLock { mails in
            mails.map { "\($0.event.subject): \($0.event.event.rawValue) '\($0.event.details.reason)'" }
        }
    }
    /// Of each, what Fairlead did.
    var actions: [String] { mails.withLock { $0.map(\.event.details.action) } }
    var sent: Int { sendings.withLock { $0 } }

    func queue(_ mail: DueNotification) async throws -> Bool {
        await before()
        switch state.withLock({ $0 }) {
        case .broken: throw Broken()
        case .withoutSettings: return false
        case .open:
            mails.withLock { $0.append(mail) }
            return true
        }
    }

    func hearsOfChecks() -> Bool { hears }
    func sendSoon() { sendings.withLock { $0 += 1 } }
    func sendLeftovers() {}
    func adoptSettings(of plan: ResolvedPlan, secrets: Secrets) {}
}
