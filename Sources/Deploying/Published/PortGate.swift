internal import Model

/// The end of step 5: a stack whose published port leads nobody to it is not deployed.
struct PortGate: Sendable {
    /// What follows from a look; a pure function of it.
    enum Step: Hashable {
        case pass
        case wait
        /// The ports of these containers are led to them once more.
        case renew(Set<String>)
        case fail(PortFault)

        /// How long rules that were written anew may take to work.
        static let ruleGrace = Duration.seconds(10)

        static func next(
            _ faults: [PortFault], after elapsed: Duration, patience: [String: Duration], renewed: Set<String>
        ) -> Step {
            let dead = Set(faults.filter(\.cause.isRenewable).map(\.container)).subtracting(renewed)
            guard dead.isEmpty else { return .renew(dead) }
            let late = faults.first { fault in
                // A program that listens by one family does so by the other one at the same time.
                let isQuick = fault.cause.isOfHost || fault.isPartial
                // Nothing was done that could take its time.
                if fault.cause.isOfHost, !fault.cause.isRenewable { return true }
                return elapsed >= (isQuick ? ruleGrace : patience[fault.container] ?? ruleGrace)
            }
            return late.map(Step.fail) ?? (faults.isEmpty ? .pass : .wait)
        }
    }

    let run: DeploymentRun
    let stack: CreatedStack
    let preemption: Preemption

    private var plan: ResolvedPlan { stack.prepared.plan }

    /// Returns when each port has answered once: a program may listen for a while only.
    func pass() async throws {
        let began = ContinuousClock.now
        let families = try await families
        let patience = plan.containers.mapValues(\.portPatience)
        var subjects = subjects
        var renewed: Set<String> = []
        var pause = Duration.milliseconds(50)
        while true {
            try preemption.check()
            let insight = run.ports.insight
            let observer = PortObserver(run.ports.published, families: families) { try await insight.inspect($0) }
            let faults = try await observer.faults(of: subjects)
            subjects = subjects.compactMap { $0.left(of: faults) }
            switch Step.next(faults, after: ContinuousClock.now - began, patience: patience, renewed: renewed) {
            case .pass: return
            case .wait: break
            case .renew(let names):
                await renew(names)
                renewed.formUnion(names)
            case .fail(let fault):
                guard isDecisive(fault) else {
                    note(fault)
                    guard !fault.isWorthAStop else { return }
                    subjects = subjects.compactMap { $0.without(fault) }
                    continue
                }
                try await run.record(.failed, fault.container)
                throw DeploymentError(fault)
            }
            try await Task.sleep(for: min(pause, .seconds(1)))
            pause = pause * 3 / 2
        }
    }

    /// Of the stack's network.
    private var families: Set<AddressFamily> {
        get async throws {
            guard !subjects.isEmpty else { return [] }
            let networks = try await run.ports.networks.allNetworks()
            return networks.first { $0.name == plan.networkName }?.families ?? []
        }
    }

    private var subjects: [PortObserver.Subject] {
        stack.ids.sorted { $0.key < $1.key }.compactMap { name, id in
            let ports = plan.containers[name]?.askedPorts ?? []
            return ports.isEmpty ? nil : PortObserver.Subject(name: name, id: id, ports: ports)
        }
    }

    /// What cannot be done shows in the next look.
    private func renew(_ names: Set<String>) async {
        for name in names.sorted() {
            guard let id = stack.ids[name] else { continue }
            do {
                try await run.ports.published.renewPorts(of: id, in: plan.networkName)
                run.ports.observer.deployment(.note("the host's ports are led to container '\(name)' once more"))
            } catch {
                run.ports.observer.deployment(.note("\(error)"))
            }
        }
    }

    /// What ran before is not ended, nor started over and over, for a port: whoever looks after the stack tells of it. Nor is
    /// what may serve all the same.
    private func isDecisive(_ fault: PortFault) -> Bool {
        guard fault.isWorthAStop else { return false }
        return switch run.request.trigger.purpose.plan {
        case .deployed, .earlier: false
        case .deployedInPart: fault.cause.isOfHost
        case .committed, .none: true
        }
    }

    private func note(_ fault: PortFault) {
        run.ports.observer.deployment(.note("container '\(fault.container)': \(fault.text)"))
    }
}

extension PortObserver.Subject {
    /// Only what did not answer yet; `nil` when all did.
    fileprivate func left(of faults: [PortFault]) -> Self? {
        var left = self
        let open = Set(faults.filter { $0.container == name }.map(\.mapping))
        left.ports = ports.filter(open.contains)
        return left.ports.isEmpty ? nil : left
    }

    /// All but the port of `fault`; `nil` when there is no other.
    fileprivate func without(_ fault: PortFault) -> Self? {
        var left = self
        if name == fault.container { left.ports.removeAll { $0 == fault.mapping } }
        return left.ports.isEmpty ? nil : left
    }
}

extension DeploymentError {
    /// What the environment did is never the plan's fault.
    init(_ fault: PortFault) {
        self.init(
            "container '\(fault.container)': \(fault.text)", hint: fault.advice,
            disposition: fault.cause.isOfHost ? .transient : .permanent)
    }
}
