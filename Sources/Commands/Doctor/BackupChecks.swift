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

    /// Whether the bucket locks what it takes for as long as the plan wants; `nil` where the plan does not ask for it.
    private func locked(_ store: BackupStore, for wanted: PlanDuration?) async throws -> HostCheck? {
        guard let wanted else { return nil }
        let advice = "set its default retention to \(wanted), mode compliance; see docs/backup.md"
        guard let found = try await store.defaultRetention() else {
            return .fail("backup target", "the bucket of '\(store.name)' does not lock what it takes", advice)
        }
        let words = "the bucket of '\(store.name)' locks for \(found.days.counted("day")), mode \(found.mode.rawValue)"
        guard Duration.seconds(found.days * 86_400) >= wanted.duration else {
            return .fail("backup target", words, advice)
        }
        return .ok("backup target", words)
    }

    private func targets(_ backup: BackupPlan) async -> [HostCheck] {
        var checks: [HostCheck] = []
        for (name, target) in backup.targets.sorted(by: { $0.key < $1.key }) {
            do {
                let store = try await BackupStore(
                    name: name, target: target, secrets: candidate.secrets,
                    configuration: host.host.configuration)
                try await store.check()
                checks.append(try await locked(store, for: target.lock) ?? .ok("backup target", "'\(name)' answers"))
            } catch {
                checks.append(.fail("backup target", error))
            }
        }
        return checks
    }
}
