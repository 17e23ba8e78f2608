internal import HostSystem
internal import Planning
internal import Reconciling

/// The keys of this host for backups, and whether its storages answer.
struct BackupChecks {
    let host: HostComposition
    let candidate: Candidate

    func checks() async -> [HostCheck] {
        guard let backup = candidate.desired.plan.backup else { return [] }
        return [await keys(backup)] + (await targets(backup))
    }

    /// What other hosts have to know of this one.
    private func keys(_ backup: BackupPlan) async -> HostCheck {
        do {
            let keys = try await host.backups.publicKeys()
            let isListed = backup.signers.contains { $0.hasPrefix(keys.signer) }
            let found = "signs as \"\(keys.signer)\", opens as \"\(keys.recipient)\""
            if let replaced = candidate.desired.plan.replaces, !opens(backup, keys.recipient) {
                return .warn(
                    "backup", "\(found); cannot open the backups of '\(replaced)', which it replaces",
                    "add the second to 'backup.recipients' in the commit that says 'replaces', or, where "
                        + "'\(replaced)' is dead, set 'recoveryIdentity' to the file with the recovery key")
            }
            guard isListed else {
                return .warn(
                    "backup", found,
                    "add the first to 'backup.signers', so that a host that replaces this one trusts it")
            }
            return .ok("backup", found)
        } catch {
            return .fail("backup", error)
        }
    }

    private func opens(_ backup: BackupPlan, _ recipient: String) -> Bool {
        backup.recipients.contains { $0.hasPrefix(recipient) } || host.configuration.recoveryIdentity != nil
    }

    /// What an S3 storage is expected to do where the plan does not say.
    private static let standardLock = PlanDuration(milliseconds: 180 * 86_400_000)

    /// Whether nobody can change what the target has taken.
    private func writeOnce(_ store: BackupStore, for wanted: PlanDuration?) async throws -> HostCheck {
        guard store.canLock || wanted != nil else {
            return .ok("backup target", "'\(store.name)' answers; it is write-once only if its server makes it so")
        }
        let lock = wanted ?? Self.standardLock
        let found = try await store.defaultRetention()
        let words = found.map {
            "the bucket of '\(store.name)' locks for \($0.days.counted("day")), mode \($0.mode.rawValue)"
        }
        if let found, found.mode == .compliance, Duration.seconds(found.days * 86_400) >= lock.duration {
            return .ok("backup target", words ?? "")
        }
        let problem = words ?? "the bucket of '\(store.name)' does not lock what it takes"
        let advice = "set its default retention to \(lock), mode COMPLIANCE; see docs/backup.md"
        guard wanted != nil else {
            return .warn("backup target", problem, advice, "and add \"lock\": \"\(lock)\" to the target")
        }
        return .fail("backup target", problem, advice)
    }

    private func targets(_ backup: BackupPlan) async -> [HostCheck] {
        var checks: [HostCheck] = []
        for (name, target) in backup.targets.sorted(by: { $0.key < $1.key }) {
            do {
                let store = try await BackupStore(
                    name: name, target: target, secrets: candidate.secrets,
                    configuration: host.host.configuration)
                try await store.check()
                checks.append(try await writeOnce(store, for: target.lock))
            } catch {
                checks.append(.fail("backup target", error))
            }
        }
        return checks
    }
}
