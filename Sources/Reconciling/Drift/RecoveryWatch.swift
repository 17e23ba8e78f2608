internal import Deploying
internal import Model
internal import Planning

/// Sees that what failed is whole again, and does not only run between two crashes.
struct RecoveryWatch: Sendable {
    let memory: any HostMemory & FailureMemory & DriftMemory
    let observer: StackObserver
    let deployer: Deployer
    /// How long what failed has to run without a restart.
    let grace: Duration

    private var incidents: LoopIncidents { observer.incidents }
    private var failures: FailureLog { observer.failures }

    /// Closes the incidents of failed starts whose containers run again, forgets those failures, and records that they serve.
    ///
    /// The engine restarts what crashes, so that it looks well at times: it has to run for as long as a restart may take. What
    /// runs without serving is as bad as it was.
    func closeRecovered(_ look: StackObservation) async throws {
        try await forgetNetwork(look)
        let failed = try await failedStarts(beside: look)
        guard !failed.isEmpty else { return }
        let steady = try await steady(failed, look)
        let recovered = failed.recovered(steady)
        let proven = failed.proven(steady)
        if !proven.isEmpty { try await memory.recordPasses(of: proven) }
        try await failures.forgetRepairs(of: recovered)
        try await incidents.repaired(recovered, of: look.plan, look.deployed.commit)
        guard failed.isStackRecovered(steady) else { return }
        try await failures.forget(where: \.isOfBoot)
        if look.booted { try await memory.setBootID(observer.bootID) }
        try await incidents.bootSucceeded(look.deployed)
    }

    /// Nothing of it is tried again where the network is whole, whoever made it so.
    func forgetNetwork(_ look: StackObservation) async throws {
        guard !look.findings.contains(where: { $0.kind == .bridge }) else { return }
        let key = FailureKey.network(look.deployed.desired.digest)
        // Asked with every poll, so it reads before it writes.
        guard try await failures.failure(of: key) != nil else { return }
        try await memory.forgetFailures(of: key)
    }

    /// Whether the last start of the whole saved plan failed.
    func hasBootFailed() async throws -> Bool {
        if try await incidents.isBootOpen { return true }
        return try await memory.failures().contains(where: \.key.isOfBoot)
    }

    private func failedStarts(beside look: StackObservation) async throws -> FailedStarts {
        let repairs = Set(try await memory.failures().compactMap(\.key.repairedContainer))
        let unproven = try await memory.lastGates().values.filter { $0.phase != .healthy }.map(\.container)
        return FailedStarts(
            repairs: repairs.union(try await incidents.openRepairs), ofStack: try await hasBootFailed(),
            unproven: Set(unproven), beside: look)
    }

    /// Those of the containers that serve, and run without a restart for the whole time; ends early when no more can come of it.
    private func steady(_ failed: FailedStarts, _ look: StackObservation) async throws -> Set<String> {
        let first = try await servingRuns(of: failed.watched, look)
        var steady = Set(first.keys)
        let end = ContinuousClock.now + grace
        while ContinuousClock.now < end, failed.isAnyRecovered(steady) {
            try await Task.sleep(for: min(.seconds(1), grace))
            let now = try await runs(of: steady, look).mapValues(\.run)
            steady = steady.filter { now[$0] == first[$0] }
        }
        guard failed.isAnyRecovered(steady) else { return steady }
        return Set(try await servingRuns(of: steady, look).keys)
    }

    /// One run of a container, from its start to its end.
    private struct Run: Equatable {
        let restarts: Int
        let process: Int32?
    }

    private func servingRuns(of names: Set<String>, _ look: StackObservation) async throws -> [String: Run] {
        let checks = look.deployed.startedPlan.containers.compactMapValues(\.health)
        var serving: [String: Run] = [:]
        for (name, found) in try await runs(of: names, look)
        where await deployer.isHealthy(found.status, by: checks[name]) {
            serving[name] = found.run
        }
        return serving
    }

    private func runs(
        of names: Set<String>, _ look: StackObservation
    ) async throws -> [String: (status: ContainerStatus, run: Run)] {
        var runs: [String: (status: ContainerStatus, run: Run)] = [:]
        for name in names {
            guard let id = look.status(of: name)?.id,
                let status = try await observer.sight.engine.inspect(id), status.state == .running
            else { continue }
            runs[name] = (status, Run(restarts: status.restarts, process: status.process))
        }
        return runs
    }
}
