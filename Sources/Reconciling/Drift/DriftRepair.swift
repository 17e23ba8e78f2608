internal import Model

/// Keeps what runs as it was deployed.
struct DriftRepair: Sendable {
    let memory: any ReconcilerJournal & FailureMemory
    let confirmation: Confirmation
    let recovery: RecoveryWatch
    let stack: StackRepair
    let exclusive: ExclusiveWork

    private var observer: StackObserver { confirmation.observer }
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
        guard let seen = try await observer.observe() else { return false }
        guard seen.needsHands else {
            // What is only told of has to last as well.
            let lasting = seen.findings.isEmpty ? seen : try await confirmation.lasting(of: seen)
            if let lasting { try await stack.settlement.settle(lasting) }
            try await recovery.closeRecovered(seen)
            try await incidents.notifyOfLasting(seen.plan)
            // Last: where it cannot be noted, as in the place of a directory, the rest is looked after all the same.
            if seen.findings.isEmpty { try await data.learn(seen.plan) }
            return false
        }
        if try await tendLasting(seen) { return true }
        // The incident of one container does not wait for the repair of another.
        if let after = try await observer.observe() { try await recovery.closeRecovered(after) }
        try await incidents.notifyOfLasting(seen.plan)
        return false
    }

    /// Acts on what still differs at a second look.
    private func tendLasting(_ seen: StackObservation) async throws -> Bool {
        guard let confirmed = try await confirmation.confirmed(seen) else { return false }
        guard confirmed.needsHands else {
            // What else lasts is told all the same.
            try await stack.settlement.settle(confirmed)
            return false
        }
        return try await exclusive.run(for: "repair the stack") { _ in
            // Until now another process may have had the lock: what it did is not drift.
            guard let now = try await observer.observe().map({ seen.booted ? $0 : $0.confirming(confirmed) }) else {
                return false
            }
            try await observer.drift.report(now.findings)
            let wasOvertaken = try await stack.repair(now)
            if let after = try await observer.observe() { try await observer.drift.report(after.findings) }
            return wasOvertaken
        }
    }
}
