internal import Model

/// The data of the stack during one deployment: copied before it is changed, or put back.
struct SnapshotKeeper: Sendable {
    let run: DeploymentRun

    private var request: DeploymentRequest { run.request }
    private var ports: DeploymentPorts { run.ports }

    /// Step 1: everything that would keep step 2 from doing its part.
    func prepare() async throws {
        guard request.touchesContainers else { return }
        try await checkSettling()
        guard !request.restarts else { return }
        let existing = try await ports.snapshots.snapshots()
        if let snapshot = request.restoring {
            guard setAside(existing, for: snapshot) == nil else { return try await requireRestored(snapshot) }
            try await requirePresence(before: snapshot)
            try await ports.exchange.checkExchange(snapshot)
        } else if case .take(let wanted) = choice(existing), try await !lacksData() {
            let surplus = existing.surplus(keep: run.plan.keptSnapshots, coming: 1)
            try await ports.snapshots.makeRoom(for: wanted, removing: surplus)
        }
    }

    /// The end of step 2, when nothing writes the data any more.
    func keep() async throws {
        do {
            try await ports.exchange.settle()
            let existing = try await ports.snapshots.snapshots()
            if let snapshot = request.restoring {
                run.data.snapshot = try await restored(snapshot, existing)
                return
            }
            switch choice(existing) {
            case .nothing: return
            case .keep(let snapshot): try await remember(snapshot)
            case .take(let wanted):
                if try await lacksData() {
                    try await tell("backup", "no copy is made before the change: a data directory is not what it was")
                } else if let snapshot = try await take(wanted) {
                    try await remember(snapshot)
                }
            }
        } catch let error where error.failsStep {
            // What was ended is finished by the next start.
            try Task.checkCancellation()
            guard !request.dataMayHaveChanged else { throw error }
            guard request.restoring == nil else {
                run.data.isUntouched = try await isAsItWas()
                throw error
            }
            run.data.isUntouched = true
            throw notCopied(error)
        }
    }

    /// Before the previous plan is started after a failure. Returns whether its data is as it left it, as far as that is
    /// known.
    func putBackForPrevious() async -> Bool {
        guard let snapshot = run.data.snapshot else { return true }
        do {
            try await ports.exchange.checkExchange(snapshot)
            _ = try await putBack(snapshot, of: nil)
            run.data.snapshot = nil
            return true
        } catch {
            ports.observer.deployment(.note("the data of before could not be put back: \(error)"))
            return false
        }
    }

    /// Removes the copies that are not kept any more; returns the others.
    func prune() async throws -> [DataSnapshot] {
        let existing = try await ports.snapshots.snapshots()
        // What is only started again takes nobody's place.
        guard !request.restarts else { return existing }
        // An operator was told that it is kept.
        let own = request.restoring == nil ? nil : run.data.snapshot?.run
        let surplus = existing.surplus(keep: run.plan.keptSnapshots).filter { $0.run != own }
        try await ports.snapshots.remove(surplus)
        return existing.filter { !surplus.contains($0) }
    }

    /// What is half done is finished by its own roll back only.
    private func checkSettling() async throws {
        try await ports.exchange.checkSettling(for: request.restoring, finishing: request.recovering != nil)
    }

    /// Whether no exchange is half done: after one that failed, nothing of it is left, and what ran before can go on.
    private func isAsItWas() async throws -> Bool {
        do {
            try await ports.exchange.checkSettling(for: nil, finishing: false)
            return true
        } catch let error where error.failsStep {
            return false
        }
    }

    private func choice(_ existing: [DataSnapshot]) -> SnapshotChoice {
        SnapshotChoice.about(request, deployment: run.id, existing: existing)
    }

    /// Whether something is missing, replaced or emptied: a copy of that would take the place of one that holds it.
    private func lacksData() async throws -> Bool {
        guard let old = request.previous?.state.desired.plan else { return false }
        return try await ports.data.findings(on: old.dataNames, in: old).values.contains { $0.change != nil }
    }

    /// What is not there cannot be set aside, and what lies in its place is not the stack's. What a failed version emptied is
    /// its own.
    private func requirePresence(before snapshot: DataSnapshot) async throws {
        let present = request.previous?.state ?? snapshot.state
        guard let plan = present?.desired.plan else { return }
        // The record of what is half done knows what they were.
        let exchanging = try await isAsItWas() ? [] : Set(snapshot.volumes + snapshot.absent)
        let findings = try await ports.data.findings(on: plan.dataNames, in: plan)
        let losses = DataLoss.displaced(among: findings, exchanging: exchanging)
        guard losses.isEmpty else { throw DeploymentError.lostData(losses, restores: false) }
    }

    /// What a roll back that was cut off has put in place is still there: its disk may be away since.
    private func requireRestored(_ snapshot: DataSnapshot) async throws {
        guard let plan = snapshot.state?.desired.plan else { return }
        let losses = DataLoss.displaced(among: try await ports.data.findings(on: plan.dataNames, in: plan))
        guard losses.isEmpty else { throw DeploymentError.lostData(losses, restores: false) }
    }

    private func take(_ wanted: NewSnapshot) async throws -> DataSnapshot? {
        run.options.checkpoint("before copy")
        guard let snapshot = try await ports.snapshots.take(wanted, progress: { run.options.checkpoint($0) }) else {
            return nil
        }
        run.options.checkpoint("after copy")
        let size = ByteCount(bytes: snapshot.bytes).rounded
        let time = Duration.milliseconds(snapshot.milliseconds).formatted
        try await tell("backup", "data copied before the change: run \(snapshot.run) (\(size) in \(time))")
        for name in snapshot.leftOut {
            try await tell(Self.subject(name), "not copied before the change: a roll back leaves it as it is")
        }
        for path in snapshot.below ?? [] {
            try await tell("backup", "'\(path)' is a file system of its own, and not in the copy")
        }
        return snapshot
    }

    /// Not tried again by itself: each time the stack would stand still for it.
    private func notCopied(_ error: any Error) -> DeploymentError {
        let known = DeploymentError(error, redactedBy: request.secrets)
        return DeploymentError(
            known.message, hint: known.hint + (known.hint.isEmpty ? "" : "; ") + "then run fairlead retry",
            disposition: .permanent)
    }

    private func remember(_ snapshot: DataSnapshot) async throws {
        try await run.journalled { try await ports.snapshotJournal.record(snapshot.cost, of: run.id) }
        run.data.snapshot = snapshot
    }

    private func restored(_ snapshot: DataSnapshot, _ existing: [DataSnapshot]) async throws -> DataSnapshot {
        guard let left = setAside(existing, for: snapshot) else {
            return try await putBack(snapshot, of: request.owner(ofDataBefore: snapshot, existing: existing))
        }
        try await acknowledge(snapshot)
        return left
    }

    /// Returns what was there. `owner`: what runs on it; `nil` where that cannot be told.
    private func putBack(_ snapshot: DataSnapshot, of owner: DeployedState?) async throws -> DataSnapshot {
        let aside = NewSnapshot(deployment: run.id, stack: snapshot.stack, state: owner)
        run.options.checkpoint("before exchange")
        // Else those that are put back would be taken for others, after a crash as well.
        let counted = try await ports.data.release(snapshot.stack)
        let left: DataSnapshot
        do {
            left = try await ports.exchange.exchange(snapshot, settingAside: aside) { run.options.checkpoint($0) }
        } catch let error where error.failsStep {
            try Task.checkCancellation()
            if try await isAsItWas() { try await ports.data.reclaim(counted, of: snapshot.stack) }
            throw error
        }
        run.options.checkpoint("after exchange")
        try await acknowledge(snapshot)
        for name in snapshot.volumes {
            try await tell(Self.subject(name), "put back as it was in run \(snapshot.run)")
        }
        if request.restoring != nil, let newer = request.previous?.state.desired.plan.stack, newer != snapshot.stack {
            try await tell("backup", "the data until now stays where it is, with stack '\(newer)'")
        } else if !left.volumes.isEmpty {
            let place = ports.exchange.place(of: left)
            try await tell("backup", "the data until now was set aside as run \(left.run): '\(place)'")
        }
        return left
    }

    /// The data directories are what they are now.
    private func acknowledge(_ snapshot: DataSnapshot) async throws {
        let plan = snapshot.state?.desired.plan ?? run.plan
        try await ports.data.remember(plan.dataNames, of: plan)
    }

    /// What made room for it in a deployment that was cut off then.
    private func setAside(_ existing: [DataSnapshot], for snapshot: DataSnapshot) -> DataSnapshot? {
        guard !existing.contains(where: { $0.run == snapshot.run }) else { return nil }
        return existing.first { $0.replacement?.run == snapshot.run }
    }

    private func tell(_ subject: String, _ text: String) async throws {
        ports.observer.deployment(.note("\(subject): \(text)"))
        try await run.record(PlanChange(subject: subject, kind: .changed, text: text))
    }

    private static func subject(_ name: String) -> String { "data directory '\(name)'" }
}
