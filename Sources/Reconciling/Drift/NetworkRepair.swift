internal import Deploying
internal import Logging
internal import Model
internal import Planning

/// Makes the host's side of a stack's network whole again, as after a hand or a program that took its bridge down.
///
/// What could not be repaired waits, so that nothing that runs is put back into its network, or started anew, with every look.
struct NetworkRepair: Sendable {
    /// What is left to do after it.
    enum Rest: Sendable {
        case nothing
        /// What stays is told.
        case settle(StackObservation)
        /// On the network other things were found.
        case repair(StackObservation)
    }

    let reach: any NetworkRepairing
    let observer: StackObserver
    let recovery: RecoveryWatch
    let start: SavedPlanStart
    let logger: Logger

    private var incidents: LoopIncidents { observer.incidents }
    private var failures: FailureLog { observer.failures }

    func repair(_ look: StackObservation) async throws -> Rest {
        guard try await !failures.isHeldBack(.network(look.deployed.desired.digest)) else {
            return look.besideNetwork.map(Rest.repair) ?? .settle(look)
        }
        guard let last = try await repaired(look) else { return .nothing }
        guard last.action != .repairNetwork else { return try await giveUp(last) }
        try await recovery.forgetNetwork(last)
        if last.findings.isEmpty { try await incidents.noDriftStands(look.deployed) }
        return last.confirming(look).besideNetwork.map(Rest.repair) ?? .nothing
    }

    /// The look after it; `nil` where there is nothing to look at any more.
    private func repaired(_ look: StackObservation) async throws -> StackObservation? {
        var seen = look
        // Twice: with its bridge a network may have lost its name server, which is seen only when the bridge is there again.
        for _ in 1...2 where seen.action == .repairNetwork {
            await tryRepair(seen)
            guard let after = try await observer.observe() else { return nil }
            seen = after
        }
        return seen
    }

    /// The containers run on. What cannot be done shows in the next look.
    private func tryRepair(_ look: StackObservation) async {
        guard let network = look.observed.network, let fault = look.observed.networkFault else { return }
        logger.notice(
            "making the stack's network whole", metadata: ["network": "\(network.name)", "finding": "\(fault.text)"])
        do {
            let containers = look.observed.containersOnNetwork.map(\.id)
            try await reach.repair(fault, of: network, containers: containers)
        } catch {
            logger.warning(
                "the stack's network could not be made whole",
                metadata: ["network": "\(network.name)", "error": "\(error)"])
        }
    }

    /// Whoever cannot be reached is started anew, once; a name server alone is not worth that.
    private func giveUp(_ look: StackObservation) async throws -> Rest {
        var last = look
        if look.observed.networkFault?.cutsOff == true {
            try await start.establish(look)
            guard let after = try await observer.observe(), after.action == .repairNetwork else { return .nothing }
            last = after
        }
        let error = DeploymentError(
            "network '\(last.plan.networkName)' \(last.observed.networkFault?.text ?? "is not whole")",
            hint: "look at 'ip address', and at who changes interfaces or takes port 53 on this host",
            disposition: .transient)
        try await failures.remember(
            error, key: .network(last.deployed.desired.digest), commit: last.deployed.commit)
        return .settle(last)
    }
}

extension StackObservation {
    /// What else needs hands; `nil` when nothing does.
    fileprivate var besideNetwork: StackObservation? {
        var rest = self
        rest.findings.removeAll { $0.remedy == .repairNetwork }
        return rest.needsHands ? rest : nil
    }
}
