package import Logging
package import Model
internal import ServiceLifecycle

/// How a service of the daemon looks for what is due, from its start to its end.
package struct DueWork: Sendable {
    /// Of local time from UTC, in seconds.
    package let offset: @Sendable (Timestamp) -> Int64
    package let logger: Logger

    package init(offset: @escaping @Sendable (Timestamp) -> Int64, logger: Logger) {
        self.offset = offset
        self.logger = logger
    }

    private static let pause = Duration.seconds(20)

    /// Does `begin`, then looks again and again until the service is ended, which cancels whatever works then.
    package func repeated(
        after begin: @escaping @Sendable () async -> Void, _ look: @escaping @Sendable () async -> Void
    ) async {
        // The cancelled wait is the end that was asked for: as an error it would fail the whole stop.
        try? await cancelWhenGracefulShutdown {
            await begin()
            while true {
                await look()
                try await Task.sleep(for: Self.pause)
            }
        }
    }
}

extension BackupRunner {
    /// What is due for the backups of `deployed`; `nil` where it has none, and while they are held.
    package func due(_ deployed: DeployedState, _ offset: (Timestamp) -> Int64) async throws -> BackupDue? {
        guard let plan = deployed.desired.plan.backup, !(try await journal.holdsBackups()) else { return nil }
        // The first one tells the replaced host that its stack is somebody else's, and is due at once.
        return BackupDue(
            plan, BackupState.read(stateDirectory: stateDirectory),
            hasMovedHere: deployed.desired.plan.replaces != nil, installed: try await installed(deployed), now: clock(),
            offset)
    }

    /// Since when `deployed` runs here.
    package func installed(_ deployed: DeployedState) async throws -> Timestamp {
        try await journal.established(deployed) ?? clock()
    }
}
