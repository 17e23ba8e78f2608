internal import Deploying
internal import Planning

extension DriftRepair {
    /// The network, and then what else was found on it. What could not be mended waits, so that nothing that runs is put back into
    /// its network, or started anew, with every look.
    func mendNetwork(_ look: StackLook) async throws -> Bool {
        guard try await !failures.isHeldBack(.network(look.deployed.desired.digest)) else {
            if let rest = look.besideNetwork { return try await repair(rest) }
            try await settle(look)
            return false
        }
        guard let last = try await mended(look) else { return false }
        guard last.action != .mend else {
            try await giveUpMending(last)
            return false
        }
        try await recovery.forgetNetwork(last)
        if last.findings.isEmpty { try await incidents.noDriftStands(look.deployed) }
        guard let rest = last.confirming(look).besideNetwork else { return false }
        return try await repair(rest)
    }

    /// The look after it; `nil` where there is nothing to look at any more.
    private func mended(_ look: StackLook) async throws -> StackLook? {
        var seen = look
        // Twice: with its bridge a network may have lost its name server, which is seen only when the bridge is there again.
        for _ in 1...2 where seen.action == .mend {
            await NetworkRepair(reach: observer.published, logger: logger).mend(seen)
            guard let after = try await self.look() else { return nil }
            seen = after
        }
        return seen
    }

    /// Whoever cannot be reached is started anew, once; a name server alone is not worth that.
    private func giveUpMending(_ look: StackLook) async throws {
        var last = look
        if look.observed.networkFault?.cutsOff == true {
            try await establish(look)
            guard let after = try await self.look(), after.action == .mend else { return }
            last = after
        }
        let error = DeploymentError(
            "network '\(last.plan.networkName)' \(last.observed.networkFault?.text ?? "is not whole")",
            hint: "look at 'ip address', and at who changes interfaces or takes port 53 on this host",
            disposition: .transient)
        try await failures.remember(
            error, key: .network(last.deployed.desired.digest), commit: last.deployed.commit)
        try await settle(last)
    }
}

extension StackLook {
    /// What else needs hands; `nil` when nothing does.
    fileprivate var besideNetwork: StackLook? {
        var rest = self
        rest.findings.removeAll { $0.remedy == .mend }
        return rest.needsHands ? rest : nil
    }
}
