internal import Deploying
internal import Logging
internal import Planning

/// Keeps what runs as it was deployed.
struct DriftRepair: Sendable {
    typealias Memory = ReconcilerJournal & HostMemory

    let memory: any Memory
    let observer: StackObserver
    let runner: DeploymentRunner
    let recovery: RecoveryWatch
    let exclusive: ExclusiveWork
    /// How long a difference has to last before it is acted on.
    let confirmation: Duration
    let logger: Logger

    var incidents: IncidentDesk { observer.incidents }
    var failures: FailureLog { observer.failures }
    private var data: any DataLearning { observer.data }

    /// Compares what runs with what was deployed, tells of what differs and repairs it where the plan says so.
    /// Works without the repo's server. Returns whether a newer commit overtook a repair.
    func tend() async throws -> Bool {
        guard let seen = try await look() else { return false }
        guard seen.needsHands else {
            // What is only told of has to last as well.
            if let lasting = seen.findings.isEmpty ? seen : try await confirmed(seen) { try await settle(lasting) }
            try await recovery.closeRecovered(seen)
            try await incidents.mailLasting(seen.plan)
            // Last: where it cannot be noted, as in the place of a directory, the rest is looked after all the same.
            if seen.findings.isEmpty { try await data.learn(seen.plan) }
            return false
        }
        if try await tendLasting(seen) { return true }
        // The incident of one container does not wait for the repair of another.
        if let after = try await look() { try await recovery.closeRecovered(after) }
        try await incidents.mailLasting(seen.plan)
        return false
    }

    /// Acts on what still differs at a second look.
    private func tendLasting(_ seen: StackLook) async throws -> Bool {
        guard let confirmed = try await confirm(seen) else { return false }
        return try await exclusive.run(for: "repair the stack") { _ in
            // Until now another process may have had the lock: what it did is not drift.
            guard let now = try await look().map({ seen.booted ? $0 : $0.confirming(confirmed) }) else { return false }
            try await observer.tell(now.findings)
            let wasOvertaken = try await repair(now)
            if let after = try await look() { try await observer.tell(after.findings) }
            return wasOvertaken
        }
    }

    func look() async throws -> StackLook? { try await observer.look() }

    private func confirmed(_ seen: StackLook) async throws -> StackLook? {
        try await Task.sleep(for: confirmation)
        return try await look()?.confirming(seen)
    }

    /// A second look, after which only what lasts is left; `nil` when that needs no hands.
    private func confirm(_ seen: StackLook) async throws -> StackLook? {
        // After a boot there is nothing to wait for.
        if seen.booted { return seen }
        guard let confirmed = try await confirmed(seen), confirmed.needsHands else { return nil }
        return confirmed
    }

    /// Nothing has to be done about what was found.
    func settle(_ look: StackLook) async throws {
        if look.booted, try await !recovery.hasBootFailed() { try await memory.setBootID(observer.bootID) }
        try await observer.tell(look.findings)
        // What the health check gave up on is an incident of its own.
        let standing = look.findings.filter { !look.observed.givenUp.contains($0.subject) }
        if standing.isEmpty {
            try await incidents.noDriftStands(look.deployed)
        } else {
            try await incidents.driftStands(standing, look.deployed)
        }
    }
}
