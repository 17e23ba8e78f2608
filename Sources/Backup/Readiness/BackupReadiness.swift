public import Files
internal import FoundationEssentials
public import HostSystem
public import Model

/// Whether this host can make the backups of a plan, found out before it is deployed instead of at night.
public struct BackupReadiness: Sendable {
    let host: HostSystem
    let plan: ResolvedPlan
    let secrets: Secrets

    public init(host: HostSystem, plan: ResolvedPlan, secrets: Secrets) {
        self.host = host
        self.plan = plan
        self.secrets = secrets
    }

    /// What keeps backups from being made: keys always, targets as long as they were never tried. Programs are looked for
    /// elsewhere; without them nothing can be tried here.
    func problems() async -> [HostProblem] {
        guard let backup = plan.backup else { return [] }
        var alone = ResolvedPlan(stack: plan.stack, version: plan.version, host: plan.host, containers: [:])
        alone.backup = backup
        guard host.missingPrograms(for: alone).isEmpty else { return [] }
        var problems: [HostProblem] = []
        do throws(HostError) {
            try await checkKeys()
        } catch {
            problems.append(HostProblem(error))
        }
        do throws(HostError) {
            return problems + (try await targetProblems(backup))
        } catch {
            return problems + [HostProblem(error)]
        }
    }

    /// Tries the keys of this host.
    public func checkKeys() async throws(HostError) {
        try await KeyProbe(identity: BackupIdentity(host.configuration)).run(recipients: plan.backup?.recipients ?? [])
    }

    private func targetProblems(_ backup: BackupPlan) async throws(HostError) -> [HostProblem] {
        let directory = host.configuration.stateDirectory
        let known = ProvenTargets.read(stateDirectory: directory)
        var proven = ProvenTargets()
        var trial = TargetTrial(hasHistory: known != nil || hasDelivered(backup))
        for (name, target) in backup.targets.sorted(by: { $0.key < $1.key }) {
            let digest = try await digest(of: target)
            if known?.digests[name] == digest || known == nil && delivered(to: name) {
                proven.digests[name] = digest
            } else if let error = await failure(of: target, name, &trial) {
                trial.failures.append((name, digest, error))
            } else {
                proven.digests[name] = digest
            }
        }
        for excused in trial.excused { proven.digests[excused.name] = excused.digest }
        if proven != known { try proven.write(stateDirectory: directory) }
        return trial.problems
    }

    /// Tries a target; also notes whether it has backups of the stack.
    private func failure(of target: BackupTarget, _ name: String, _ trial: inout TargetTrial) async -> HostError? {
        do throws(HostError) {
            let store = try await BackupStore(
                name: name, target: target, secrets: secrets, configuration: host.configuration)
            _ = try await TargetProbe(store, of: plan).run()
            let archive = BackupArchive(store: store, of: plan, on: host)
            if !trial.hasHistory, try await !archive.places().isEmpty { trial.findsRuns = true }
            return nil
        } catch {
            return error
        }
    }

    /// Of a host that made backups before it remembered which targets it had tried.
    private func delivered(to name: String) -> Bool {
        BackupState.read(stateDirectory: host.configuration.stateDirectory).targets[name]?.run != nil
    }

    private func hasDelivered(_ backup: BackupPlan) -> Bool { backup.targets.keys.contains(where: delivered) }

    private func digest(of target: BackupTarget) async throws(HostError) -> String {
        var essence = target
        essence.bandwidth = nil
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let written = (try? encoder.encode(essence)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        var values: [String] = []
        // One that the host does not have is told of when it is tried.
        let store = (try? target.resolved(for: "", by: host.configuration))?.store
        if case .rclone(let options, _) = store {
            values = options.sorted { $0.key < $1.key }.map { $0.value.value(with: secrets) ?? "" }
        }
        return try await host.digest(of: ([plan.stack, plan.host, written] + values).joined(separator: "\0"))
    }
}
