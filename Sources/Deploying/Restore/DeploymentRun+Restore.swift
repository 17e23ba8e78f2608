internal import Model

extension DeploymentRun {
    /// Step 1: brings what missing and empty data directories are filled with, while the stack still runs. `renamed`
    /// are filled already, under another name.
    func fetchData(except renamed: Set<String>) async throws {
        let filling = try await dataToFill(except: renamed)
        // Not under a container that goes on running.
        let own = filling.names.subtracting(dataNames(ofTargets: false))
        guard !own.isEmpty else { return }
        options.checkpoint("before fetch")
        let unfilled = try await fetch(own, lost: filling.owed.intersection(own))
        if let refusal = filling.refusal(withoutBackupOf: unfilled.intersection(own)) { throw refusal }
        options.checkpoint("after fetch")
    }

    /// The data directories that are filled before their containers start. Throws where a container would be started on
    /// one that is not the one that it was.
    @discardableResult
    func dataToFill(except renamed: Set<String>) async throws -> DataOutlook.Filling {
        // What a roll back puts in place is another directory than it was, which may have been done before a crash.
        let names = dataNames(ofTargets: true).subtracting(request.restoring?.volumes ?? []).subtracting(renamed)
        return try await dataOutlook.filling(names, trigger: request.trigger)
    }

    var dataOutlook: DataOutlook {
        DataOutlook(
            of: plan, after: request.previous?.state.desired.plan, data: ports.data, renames: ports.renames)
    }

    /// Before what ran earlier is started again.
    func checkData(of earlier: ResolvedPlan) async throws {
        let findings = try await ports.data.findings(on: earlier.dataNames, in: earlier)
        let choice = RestoreChoice.about(findings, inUse: earlier.dataNames, trigger: .boot, restores: false)
        guard case .lost(let losses) = choice else { return }
        throw DeploymentError.lostData(losses, restores: earlier.restoresData)
    }

    /// Returns those that nothing was found for. `lost` are filled from backups of their own only.
    private func fetch(_ names: Set<String>, lost: Set<String>) async throws -> Set<String> {
        let notes = SharedNotes()
        let result = await preemptible {
            let found = try await ports.restore.fetchData(
                for: names, lost: lost, of: plan, from: request.origin, secrets: request.secrets
            ) {
                let text = request.secrets.telling($0)
                ports.observer.deployment(.note(text))
                notes.add(text)
            }
            for text in found.passedOver { self.passedOver.add(request.secrets.telling(text)) }
            for text in found.partial { restoredInPart.add(request.secrets.telling(text)) }
            return found.unfilled
        }
        try Task.checkCancellation()
        for text in notes.all { try await record(PlanChange(subject: "backup", kind: .changed, text: text)) }
        return try result.get()
    }

    /// Step 3, before missing data directories are made.
    func placeData(of plan: ResolvedPlan) async throws {
        guard !request.restarts else { return }
        for change in try await ports.restore.placeData(of: plan) { try await tell(change) }
        options.checkpoint("data placed")
    }

    /// Before `container` counts as healthy. `isHealthy` is asked again once it has loaded something.
    func loadDumps(
        into container: String, of plan: ResolvedPlan, isHealthy: () async throws -> Void
    ) async throws {
        guard !request.restarts else { return }
        let loaded: [PlanChange]
        do {
            loaded = try await ports.restore.loadDumps(into: container, of: plan)
        } catch {
            try Task.checkCancellation()
            throw DeploymentError(error, redactedBy: request.secrets)
        }
        guard !loaded.isEmpty else { return }
        options.checkpoint("\(container) loaded")
        try await isHealthy()
        try await ports.restore.keepLoaded(into: container, of: plan)
        for change in loaded { try await tell(change) }
    }

    /// After a failure; returns whether every data directory of `previous` is as it was left.
    func discardData(keeping previous: ResolvedPlan?) async -> Bool {
        do {
            let missed = try await ports.restore.discardData(of: plan.stack)
            return missed.isDisjoint(with: previous?.dataNames(in: plan.stack) ?? [])
        } catch {
            // What is not finished stays marked as such, so the next deployment does this.
            ports.observer.deployment(.note("what was fetched is not all removed: \(error)"))
            return false
        }
    }

    /// Of the containers that are replaced, or of those that are not.
    private func dataNames(ofTargets isTarget: Bool) -> Set<String> {
        Set(plan.containers.filter { targets.contains($0.key) == isTarget }.values.flatMap(\.dataNames))
    }

    private func tell(_ change: PlanChange) async throws {
        ports.observer.deployment(.note("\(change.subject): \(change.text)"))
        try await record(change)
    }

    /// Runs what may take hours; a newer commit ends it.
    func preemptible<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async -> Result<Value, any Error> {
        await withTaskGroup(of: Result<Value, any Error>.self) { group in
            group.addTask {
                do { return .success(try await body()) } catch { return .failure(error) }
            }
            group.addTask {
                do {
                    while true {
                        try preemption.check()
                        try await Task.sleep(for: .milliseconds(250))
                    }
                } catch { return .failure(error) }
            }
            let first = await group.next() ?? .failure(CancellationError())
            group.cancelAll()
            return first
        }
    }
}

extension ResolvedPlan {
    /// Names of its data directories that belong to `stack`.
    func dataNames(in stack: String) -> Set<String> {
        stack == self.stack ? dataNames : []
    }

    /// Whether what is missing comes from backups.
    var restoresData: Bool { backup.map { $0.restore != .never } ?? false }
}
