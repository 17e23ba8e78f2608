internal import Deploying
internal import Logging
internal import Model

/// Keeps what runs as it was deployed.
struct DriftRepair: Sendable {
    typealias Memory = ReconcilerJournal & HostMemory & FailureMemory

    let memory: any Memory
    let observer: StackObserver
    let recovery: RecoveryWatch
    let start: SavedPlanStart
    let network: NetworkRepair
    let containers: ContainerRepair
    let exclusive: ExclusiveWork
    /// How long a difference has to last before it is acted on.
    let confirmation: Duration

    private var incidents: LoopIncidents { observer.incidents }
    private var data: any DataLearning { observer.sight.data }

    /// As `tend`, for a moment between two polls: leaves alone a host that is held back, and a deployment that was cut off, which
    /// is for the next poll.
    func tendBetweenPolls() async throws -> Bool {
        guard try await memory.suspension() == nil, try await memory.unfinishedDeployment() == nil else {
            return false
        }
        do {
            return try await tend()
        } catch is HeldBack {
            return false
        }
    }

    /// Compares what runs with what was deployed, tells of what differs and repairs it where the plan says so.
    /// Works without the repo's server. Returns whether a newer commit overtook a repair.
    func tend() async throws -> Bool {
        guard let seen = try await observer.look() else { return false }
        guard seen.needsHands else {
            // What is only told of has to last as well.
            if let lasting = seen.findings.isEmpty ? seen : try await confirmed(seen) { try await settle(lasting) }
            try await recovery.closeRecovered(seen)
            try await incidents.notifyOfLasting(seen.plan)
            // Last: where it cannot be noted, as in the place of a directory, the rest is looked after all the same.
            if seen.findings.isEmpty { try await data.learn(seen.plan) }
            return false
        }
        if try await tendLasting(seen) { return true }
        // The incident of one container does not wait for the repair of another.
        if let after = try await observer.look() { try await recovery.closeRecovered(after) }
        try await incidents.notifyOfLasting(seen.plan)
        return false
    }

    /// Acts on what still differs at a second look.
    private func tendLasting(_ seen: StackObservation) async throws -> Bool {
        guard let confirmed = try await confirm(seen) else { return false }
        guard confirmed.needsHands else {
            // What else lasts is told all the same.
            try await settle(confirmed)
            return false
        }
        return try await exclusive.run(for: "repair the stack") { _ in
            // Until now another process may have had the lock: what it did is not drift.
            guard let now = try await observer.look().map({ seen.booted ? $0 : $0.confirming(confirmed) }) else {
                return false
            }
            try await observer.drift.report(now.findings)
            let wasOvertaken = try await repair(now)
            if let after = try await observer.look() { try await observer.drift.report(after.findings) }
            return wasOvertaken
        }
    }

    private func confirmed(_ seen: StackObservation) async throws -> StackObservation? {
        try await Task.sleep(for: confirmation)
        return try await observer.look()?.confirming(seen)
    }

    /// A second look, after which only what lasts is left; `nil` when there is nothing to look at any more.
    private func confirm(_ seen: StackObservation) async throws -> StackObservation? {
        // After a boot there is nothing to wait for.
        seen.booted ? seen : try await confirmed(seen)
    }

    /// Acts on what was found; the caller holds the lock. Returns whether a newer commit overtook it.
    private func repair(_ look: StackObservation) async throws -> Bool {
        switch look.action {
        case .nothing, .report: try await settle(look)
        case .establish: try await start.establish(look)
        case .replace(let names): return try await containers.replace(names, in: look)
        case .renew(let names): return try await containers.renew(names, in: look)
        case .mend:
            // What else was found is repaired on it.
            switch try await network.repair(look) {
            case .nothing: break
            case .settle(let left): try await settle(left)
            case .repair(let rest): return try await repair(rest)
            }
        }
        return false
    }

    /// Nothing has to be done about what was found.
    private func settle(_ look: StackObservation) async throws {
        if look.booted, try await !recovery.hasBootFailed() { try await memory.setBootID(observer.bootID) }
        try await observer.drift.report(look.findings)
        // What the health check gave up on is an incident of its own.
        let standing = look.findings.filter { !look.observed.givenUp.contains($0.subject) }
        if standing.isEmpty {
            try await incidents.noDriftStands(look.deployed)
        } else {
            try await incidents.driftStands(standing, look.deployed)
        }
    }
}
