internal import Backup
internal import HostSystem
internal import Model

/// Whether one target takes backups, and whether anybody can change what it has taken.
struct TargetCheck {
    let store: BackupStore
    /// As the plan wants it.
    let lock: PlanDuration?

    /// What a storage that can lock is expected to do where the plan does not say.
    private static let standardLock = PlanDuration(milliseconds: 180 * 86_400_000)

    func check(of plan: ResolvedPlan) async throws -> HostCheck {
        let probe = try await TargetProbe(store, of: plan).run()
        if let found = probe.lock {
            let until = CivilTime(found.until).utc.prefix(10)
            return .ok(
                "backup target", "'\(store.name)' locks what it takes until \(until), mode \(found.word)")
        }
        guard store.tellsDefaultLock else {
            let words = probe.removes ? "gives back and removes" : "gives back, and removes nothing for this host"
            return .ok(
                "backup target", "'\(store.name)' takes, \(words); it is write-once only if its server makes it so")
        }
        return try await unasked()
    }

    /// Of a bucket of which the plan does not say that it locks.
    private func unasked() async throws -> HostCheck {
        let found = try await store.defaultRetention()
        let words = found.map {
            "the bucket of '\(store.name)' locks for \($0.days.counted("day")), mode \($0.mode.rawValue)"
        }
        if let found, found.mode == .compliance,
            Duration.seconds(found.days * 86_400) >= Self.standardLock.duration
        {
            return .ok("backup target", words ?? "")
        }
        return .warn(
            "backup target", words ?? "the bucket of '\(store.name)' does not lock what it takes",
            "set its default retention to \(Self.standardLock), mode COMPLIANCE; see docs/backup.md",
            "and add \"lock\": \"\(Self.standardLock)\" to the target")
    }
}
