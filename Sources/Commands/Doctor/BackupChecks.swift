internal import Backup
internal import Files
internal import HostSystem
internal import Model
internal import Reconciling

/// The programs and the keys of this host for backups, and whether its storages take them.
struct BackupChecks {
    let host: HostComposition
    let candidate: Candidate
    let acceptance: Acceptance

    func checks() async -> [HostCheck] {
        guard let backup = plan.backup else { return [] }
        let missing = missingPrograms
        guard missing.isEmpty else {
            return missing
                + [.skipped("backup target", because: "what backups need has to be installed first")]
        }
        return [await keys(backup)] + (await targets(backup))
    }

    private var plan: ResolvedPlan { candidate.desired.plan }

    /// Also of what the plan has without backups: they are told as what is in its way.
    private var missingPrograms: [HostCheck] {
        var others = plan
        others.backup = nil
        let told = Set(others.requiredPrograms.map(\.name))
        return host.host.missingPrograms(for: plan).filter { !told.contains($0.name) }.map { program in
            let error = HostError.notInstalled(program.name)
            return .fail("backup", "\(error.message); needed for \(program.purpose)", error.hint)
        }
    }

    /// What other hosts have to know of this one.
    private func keys(_ backup: BackupPlan) async -> HostCheck {
        do {
            try await BackupReadiness(host: host.host, plan: plan, secrets: candidate.secrets).checkKeys()
            let keys = try await host.backups.publicKeys()
            let signers = BackupSigners(backup.signers)
            let found = "signs as \"\(keys.signer)\", opens as \"\(keys.recipient)\""
            if let replaced = plan.replaces, !opens(backup, keys.recipient) {
                return .warn(
                    "backup", "\(found); cannot open the backups of '\(replaced)', which it replaces",
                    "add the second to 'backup.recipients' in the commit that says 'replaces', or, where "
                        + "'\(replaced)' is dead, set 'recoveryIdentity' to the file with the recovery key")
            }
            guard signers.keys(of: plan.host).contains(keys.signer) else {
                return .warn(
                    "backup", found,
                    "add \"\(plan.host) \(keys.signer)\" to 'backup.signers', so that a host that replaces this one trusts it"
                )
            }
            guard signers.withoutHost.allSatisfy({ $0 == keys.signer }) else {
                return .warn(
                    "backup", "\(found); the keys of 'backup.signers' that name no host can sign backups of any host",
                    "write the name of its host before each: \"\(plan.host) \(keys.signer)\"")
            }
            return .ok("backup", found)
        } catch {
            return .fail("backup", error)
        }
    }

    private func opens(_ backup: BackupPlan, _ recipient: String) -> Bool {
        backup.recipients.contains { $0.hasPrefix(recipient) } || host.configuration.recoveryIdentity != nil
    }

    /// Writes to each target that was deployed as it is, and reads it back.
    private func targets(_ backup: BackupPlan) async -> [HostCheck] {
        var checks: [HostCheck] = []
        for (name, target) in backup.targets.sorted(by: { $0.key < $1.key }) {
            guard acceptance.holds(target, named: name) else {
                checks.append(.skipped("backup target", because: Acceptance.untried("\(target.words) ('\(name)')")))
                continue
            }
            do {
                let store = try await BackupStore(
                    name: name, target: target, secrets: candidate.secrets,
                    configuration: host.host.configuration)
                checks.append(try await TargetCheck(store: store, lock: target.lock).check(of: plan))
            } catch {
                checks.append(.fail("backup target", error))
            }
        }
        return checks
    }
}
