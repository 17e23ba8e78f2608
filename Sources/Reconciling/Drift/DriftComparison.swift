internal import Deploying
public import Model

/// Compares what runs with what was deployed; a pure function of both.
public struct DriftComparison: Sendable {
    let plan: ResolvedPlan
    let images: [String: StoredImage]
    let observed: ObservedStack

    public init(_ deployed: DeployedState, _ observed: ObservedStack) {
        plan = deployed.desired.plan
        images = deployed.images
        self.observed = observed
    }

    /// Those of the network, then those of each container by name, then what should not be there.
    public var findings: [DriftFinding] {
        network + plan.containers.keys.sorted().flatMap(findings) + surplus + foreign
    }

    private var networkName: String { plan.networkName }

    private var network: [DriftFinding] {
        guard observed.networks.contains(networkName) else {
            let text = "the stack's network does not exist"
            return [DriftFinding(subject: networkName, kind: .network, remedy: .establish, text: text)]
        }
        guard let fault = observed.networkFault else { return [] }
        return [DriftFinding(subject: networkName, kind: .bridge, remedy: .repairNetwork, text: fault.text)]
    }

    private func findings(of name: String) -> [DriftFinding] {
        guard let container = container(name) else { return [finding(name, .missing, "is missing")] + data(name) }
        let found = identity(name, container) + state(name, container)
        let own = found + connections(name, container) + limits(name, container)
        // A container that is made anew gets new rules, and its ports may be dead for that very reason.
        return own + (own.contains { $0.remedy == .replace } ? [] : ports(name)) + data(name)
    }

    /// Told only: a container that runs holds the directory that it was started on.
    private func data(_ name: String) -> [DriftFinding] {
        let changed = (plan.containers[name]?.dataNames ?? []).sorted().compactMap { data in
            observed.changedData[data].map { (name: data, change: $0) }
        }
        guard !changed.isEmpty else { return leftBehind(name) }
        let words = changed.map { "data directory '\($0.name)' \($0.change.words)" }.joined(separator: ", ")
        let others = changed.filter { $0.change.onlyWay == nil }
        let adoption = others.map { "--data \($0.name)" }.joined(separator: " ")
        var ways = Set(changed.compactMap { $0.change.onlyWay }).sorted()
        if !others.isEmpty {
            ways += ["mount its disk or move it back", "where it is right as it is now: 'fairlead adopt \(adoption)'"]
        }
        let text = "\(words): \(ways.joined(separator: "; "))"
        return [DriftFinding(subject: name, kind: .data, remedy: .none, text: text)]
    }

    /// What it writes is not in the stack's data, nor in any backup.
    private func leftBehind(_ name: String) -> [DriftFinding] {
        (observed.leftBehind[name] ?? []).sorted().map { data in
            finding(name, .data, "works in another directory than what data directory '\(data)' is now")
        }
    }

    private func container(_ name: String) -> ContainerStatus? { observed.container(name, of: plan) }

    private func finding(_ name: String, _ kind: DriftFinding.Kind, _ text: String) -> DriftFinding {
        guard !observed.givenUp.contains(name) else {
            let advice = "the health check gave up on it: 'fairlead retry' or a new deployment starts it again"
            return DriftFinding(subject: name, kind: kind, remedy: .none, text: "\(text); \(advice)")
        }
        return DriftFinding(subject: name, kind: kind, remedy: .replace, text: text)
    }

    private func identity(_ name: String, _ container: ContainerStatus) -> [DriftFinding] {
        var found: [DriftFinding] = []
        if container.name != plan.hostName(of: name) {
            found.append(finding(name, .renamed, "was renamed to '\(container.name)'"))
        }
        let made = container.labels[FairleadLabel.deployment]
        if let origin = observed.origins[name], made != "\(origin)" {
            let maker = made.map { "by deployment #\($0)" } ?? "by hand"
            found.append(finding(name, .origin, "was made \(maker), not by #\(origin)"))
        }
        if let image = images[name]?.id, container.imageID != image {
            found.append(finding(name, .image, "runs image '\(container.imageID.shortID)', not '\(image.shortID)'"))
        }
        return found
    }

    private func state(_ name: String, _ container: ContainerStatus) -> [DriftFinding] {
        switch container.state {
        case .created: [finding(name, .stopped, "was created and never started")]
        case .exited: [finding(name, .stopped, "is stopped (exit status \(container.exitCode))")]
        case .paused: [finding(name, .paused, "is paused")]
        case .running: running(name, container)
        // What has a process is under way to its end.
        case .stopping where observed.lives[container.id]?.age == nil:
            [finding(name, .dead, "is stopping without end: its process is gone")]
        // Under way to another state, or nothing that could be acted on.
        case .restarting, .stopping, .unknown: []
        }
    }

    private func running(_ name: String, _ container: ContainerStatus) -> [DriftFinding] {
        guard let life = observed.lives[container.id] else { return [] }
        guard life.age != nil else { return [finding(name, .dead, "is called running, and its process is gone")] }
        guard life.isMonitored else { return [finding(name, .dead, "runs, and the engine's monitor of it is gone")] }
        return life.isHalted ? [finding(name, .dead, "is halted: a signal (SIGSTOP) stopped its process")] : []
    }

    /// All of its ports in one.
    private func ports(_ name: String) -> [DriftFinding] {
        // Nothing is led over a network that is cut off.
        guard observed.networkFault?.cutsOff != true else { return [] }
        let faults = observed.deadPorts.filter { $0.container == name }
        guard let first = faults.first else { return [] }
        let words = faults.map(\.text).joined(separator: ", ")
        let isRenewable = faults.contains(where: \.cause.isRenewable)
        var found = finding(name, .port, isRenewable ? words : "\(words): \(first.advice)")
        if found.remedy == .replace { found.remedy = isRenewable ? .renew : .none }
        return [found]
    }

    private func connections(_ name: String, _ container: ContainerStatus) -> [DriftFinding] {
        // What is made anew when its network is gone is made anew as a whole.
        guard observed.networks.contains(networkName) else { return [] }
        guard container.networks.contains(networkName) else {
            return [finding(name, .detached, "was taken out of network '\(networkName)'")]
        }
        let others = container.networks.subtracting([networkName]).sorted()
        guard !others.isEmpty else { return [] }
        return [finding(name, .attached, "was put into network \(others.quoted)")]
    }

    private func limits(_ name: String, _ container: ContainerStatus) -> [DriftFinding] {
        guard let planned = plan.containers[name]?.resources, let actual = observed.limits[container.id] else {
            return []
        }
        let words = LimitComparison(planned: planned, actual: actual).words
        return words.isEmpty ? [] : [finding(name, .limits, words.joined(separator: ", "))]
    }

    /// Of any stack: the next deployment would remove it as well.
    private var surplus: [DriftFinding] {
        let kept = Set(plan.containers.keys.compactMap { container($0)?.id })
        let own = OwnContainers(observed.containers, of: plan)
        return observed.containers.filter { $0.isFairleads && !kept.contains($0.id) }.sorted { $0.name < $1.name }
            .map {
                DriftFinding(
                    subject: own.subject(of: $0), kind: .surplus, remedy: .replace,
                    text: "container '\($0.name)' carries fairlead's labels and is not in the plan")
            }
    }

    private var foreign: [DriftFinding] {
        observed.containers.filter { !$0.isFairleads && $0.networks.contains(networkName) }
            .sorted { $0.name < $1.name }
            .map {
                DriftFinding(
                    subject: $0.name, kind: .foreign, remedy: .none,
                    text: "is on the stack's network '\(networkName)', and fairlead did not make it")
            }
    }
}

extension String {
    /// Of an image: as `podman images` writes it.
    fileprivate var shortID: String { String(replacing("sha256:", with: "").prefix(12)) }
}
