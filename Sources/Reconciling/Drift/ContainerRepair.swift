internal import Deploying
internal import Logging
internal import Model
internal import Planning

/// Repairs single containers of a stack whose other ones run on.
///
/// What failed before and is not due yet is left alone. Each repair returns whether a newer commit overtook it.
struct ContainerRepair: Sendable {
    let runner: DeploymentRunner
    let observer: StackObserver
    let logger: Logger

    private var incidents: LoopIncidents { observer.incidents }
    private var failures: FailureLog { observer.failures }

    /// Makes the containers `names` anew. What strayed onto foreign data does not wait for its time.
    func replace(_ names: Set<String>, in look: StackObservation) async throws -> Bool {
        let due = names.subtracting(try await failures.containersHeldBack()).union(look.observed.strayed)
        return due.isEmpty ? false : try await replaceDue(due, look)
    }

    /// Leads the host's ports to the containers `names` once more.
    func renew(_ names: Set<String>, in look: StackObservation) async throws -> Bool {
        let due = names.subtracting(try await failures.containersHeldBack())
        return due.isEmpty ? false : try await renewDue(due, look)
    }

    /// What is dead all the same is made anew, unless it may serve in part.
    private func renewDue(_ names: Set<String>, _ look: StackObservation) async throws -> Bool {
        logger.notice(
            "leading the host's ports to containers once more",
            metadata: ["containers": "\(names.sorted().joined(separator: ", "))"])
        await PortRepair(ports: observer.sight.published, logger: logger).renew(names, in: look)
        guard let after = try await observer.observe() else { return false }
        let dead = names.intersection(after.findings.filter { $0.remedy == .renew }.map(\.subject))
        let part = dead.filter(after.observed.servesInPart)
        for name in part.sorted() { try await giveUpRenewing(name, after) }
        if dead != part { return try await replaceDue(dead.subtracting(part), after) }
        if after.findings.isEmpty { try await incidents.noDriftStands(look.deployed) }
        return false
    }

    private func giveUpRenewing(_ name: String, _ look: StackObservation) async throws {
        guard let fault = look.observed.deadPorts.first(where: { $0.container == name && $0.cause.isRenewable }) else {
            return
        }
        let error = DeploymentError(
            "container '\(name)': \(fault.text)", hint: fault.advice, disposition: .transient)
        try await incidents.repairFailed([name], look.deployed, error)
        let key = FailureKey.repair(look.deployed.desired.digest, container: name)
        try await failures.remember(error, key: key, commit: look.deployed.commit)
    }

    private func replaceDue(_ names: Set<String>, _ look: StackObservation) async throws -> Bool {
        logger.notice("repairing the stack", metadata: ["containers": "\(names.sorted().joined(separator: ", "))"])
        do {
            var request = try await runner.requests.savedRequest(look.deployed, trigger: .drift)
            request.replacing = names
            request.hasStrays = !look.observed.strayed.isEmpty
            request.changes = look.findings
                .filter { names.contains($0.subject) && [.replace, .renew].contains($0.remedy) }.map(\.change)
            let result = try await runner.overtakable(request)
            if result.outcome.standing.course == .interrupted { return true }
            if let error = result.error { throw error }
            // They passed the health gate; what is known of the others stays.
            try await failures.forgetRepairs(of: names)
            try await incidents.repaired(names, of: look.plan, look.deployed.commit)
            let left = Set(look.findings.map(\.subject)).subtracting(names).subtracting(look.observed.givenUp)
            if left.isEmpty { try await incidents.noDriftStands(look.deployed) }
        } catch let error where !(error is CancellationError) {
            logger.error("the repair failed, what runs stays", metadata: ["error": "\(error)"])
            try await incidents.repairFailed(names, look.deployed, error)
            for name in names.sorted() {
                let key = FailureKey.repair(look.deployed.desired.digest, container: name)
                try await failures.remember(error, key: key, commit: look.deployed.commit)
            }
        }
        return false
    }
}

extension DriftFinding {
    var change: PlanChange {
        let kinds: [Kind: PlanChange.Kind] = [.missing: .added, .surplus: .removed]
        return PlanChange(subject: subject, kind: kinds[kind] ?? .changed, text: text)
    }
}
