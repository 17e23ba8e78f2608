internal import Deploying
internal import Logging
internal import Planning

extension DriftRepair {
    /// Acts on what was found; the caller holds the lock. Returns whether a newer commit overtook it.
    func repair(_ look: StackLook) async throws -> Bool {
        switch look.action {
        case .nothing, .report:
            try await settle(look)
            return false
        case .establish:
            try await establish(look)
            return false
        case .mend: return try await mendNetwork(look)
        case .replace(let names):
            let due = names.subtracting(try await failures.containersHeldBack()).union(look.observed.strayed)
            return due.isEmpty ? false : try await replace(due, look)
        case .renew(let names):
            let due = names.subtracting(try await failures.containersHeldBack())
            return due.isEmpty ? false : try await renew(due, look)
        }
    }

    func establish(_ look: StackLook) async throws {
        let deployed = look.deployed
        let key = FailureKey.boot(deployed.desired.digest)
        if try await failures.isHeldBack(key) { return }
        logger.notice("the stack does not stand as it was left, the saved plan is established again")
        do {
            let result = try await runner.startSaved(
                deployed, after: look.booted ? .boot : .restart, hasStrays: !look.observed.strayed.isEmpty)
            if let error = result.error { throw error }
            try await incidents.bootSucceeded(deployed)
        } catch let error where !(error is CancellationError) {
            logger.error("the saved plan could not be established", metadata: ["error": "\(error)"])
            try await incidents.bootFailed(deployed, error)
            try await failures.remember(error, key: key, commit: deployed.commit)
        }
    }

    /// What is dead all the same is made anew, unless it may serve in part.
    private func renew(_ names: Set<String>, _ look: StackLook) async throws -> Bool {
        logger.notice(
            "leading the host's ports to containers once more",
            metadata: ["containers": "\(names.sorted().joined(separator: ", "))"])
        await PortRepair(ports: observer.published, logger: logger).renew(names, in: look)
        guard let after = try await self.look() else { return false }
        let dead = names.intersection(after.findings.filter { $0.remedy == .renew }.map(\.subject))
        let part = dead.filter(after.observed.servesInPart)
        for name in part.sorted() { try await giveUpRenewing(name, after) }
        if dead != part { return try await replace(dead.subtracting(part), after) }
        if after.findings.isEmpty { try await incidents.noDriftStands(look.deployed) }
        return false
    }

    private func giveUpRenewing(_ name: String, _ look: StackLook) async throws {
        guard let fault = look.observed.deadPorts.first(where: { $0.container == name && $0.cause.isRenewable }) else {
            return
        }
        let error = DeploymentError(
            "container '\(name)': \(fault.text)", hint: fault.advice, disposition: .transient)
        try await incidents.repairFailed([name], look.deployed, error)
        let key = FailureKey.repair(look.deployed.desired.digest, container: name)
        try await failures.remember(error, key: key, commit: look.deployed.commit)
    }

    private func replace(_ names: Set<String>, _ look: StackLook) async throws -> Bool {
        logger.notice("repairing the stack", metadata: ["containers": "\(names.sorted().joined(separator: ", "))"])
        do {
            var request = try await runner.requests.savedRequest(look.deployed, trigger: .drift)
            request.replacing = names
            request.hasStrays = !look.observed.strayed.isEmpty
            request.changes = look.findings
                .filter { names.contains($0.subject) && [.replace, .renew].contains($0.remedy) }.map(\.change)
            let result = try await runner.overtakable(request)
            if result.outcome == .interrupted { return true }
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
