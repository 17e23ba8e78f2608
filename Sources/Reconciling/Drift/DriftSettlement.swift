internal import Model

/// Ends a look after which nothing has to be done: what stays is reported, and a boot after which the stack is whole is over.
struct DriftSettlement: Sendable {
    let observer: StackObserver
    let recovery: RecoveryWatch

    private var incidents: LoopIncidents { observer.incidents }

    func settle(_ look: StackObservation) async throws {
        if look.booted, try await !recovery.hasBootFailed() { try await observer.memory.setBootID(observer.bootID) }
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
