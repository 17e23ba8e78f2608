public import Model

/// Asks the published TCP ports of containers from the host, reads the rules by which users come to them and to UDP ports, and finds
/// out why one is dead.
public struct PortObserver: Sendable {
    /// A container of the plan that runs.
    public struct Subject: Sendable {
        public let name: String
        public let id: String
        /// Those that are to be asked.
        public var ports: [PortMapping]

        public init(name: String, id: String, ports: [PortMapping]) {
            self.name = name
            self.id = id
            self.ports = ports
        }
    }

    private let insight: any PortInsight
    private let families: Set<AddressFamily>
    private let inspect: @Sendable (String) async throws -> ContainerStatus?

    /// `families`: of the stack's network, by each of which users come. `inspect` tells the addresses of a container by its id.
    public init(
        _ insight: any PortInsight, families: Set<AddressFamily>,
        inspect: @escaping @Sendable (String) async throws -> ContainerStatus?
    ) {
        self.insight = insight
        self.families = families
        self.inspect = inspect
    }

    /// The engine is asked only where a port does not answer, and for the addresses to which rules have to lead.
    public func faults(of subjects: [Subject]) async throws -> [PortFault] {
        let rules = try await rules(of: subjects)
        let first = await answers(of: subjects.flatMap { entrances(of: $0.ports) }, rules)
        var causes: [(subject: Subject, causes: [PublishedPort: PortFault.Cause])] = []
        for subject in subjects {
            let open = entrances(of: subject.ports).filter { first[$0]?.isSettled == false }
            guard !open.isEmpty else { continue }
            causes.append((subject, try await self.causes(in: subject, of: open, first)))
        }
        // A program that began to listen between both questions.
        let last = await answers(of: causes.flatMap { $0.causes.keys }, rules)
        return causes.flatMap { subject, causes in
            faults(of: subject, causes.filter { last[$0.key]?.isSettled == false })
        }
    }

    private func entrances(of ports: [PortMapping]) -> [PublishedPort] { ports.flatMap { $0.entrances(on: families) } }

    private func rules(of subjects: [Subject]) async throws -> [PublishedPort: PortRule] {
        var rules: [PublishedPort: PortRule] = [:]
        for subject in subjects {
            let ports = entrances(of: subject.ports.filter { $0.transport == .udp || !$0.isOfLoopback })
            guard !ports.isEmpty else { continue }
            // An operator may have put it on further networks: the engine's rules lead to its address on one of them.
            let addresses = try await inspect(subject.id)?.addressesByFamily ?? [:]
            for port in ports { rules[port] = addresses[port.family].map { PortRule(port, to: $0) } }
        }
        return rules
    }

    private func answers(
        of ports: [PublishedPort], _ rules: [PublishedPort: PortRule]
    ) async -> [PublishedPort: PortAnswer] {
        let asked = Set(ports.filter { $0.mapping.transport == .tcp })
        var answers = asked.isEmpty ? [:] : await insight.answers(from: asked)
        // What does not even answer the host needs no look at rules.
        let ruled = Set(ports.filter { !asked.contains($0) || answers[$0] == .taken }.compactMap { rules[$0] })
        for (rule, answer) in ruled.isEmpty ? [:] : await insight.answers(byRules: ruled) {
            answers[rule.port] = answer
        }
        return answers
    }

    private func causes(
        in subject: Subject, of ports: [PublishedPort], _ answers: [PublishedPort: PortAnswer]
    ) async throws -> [PublishedPort: PortFault.Cause] {
        let addresses = try await inspect(subject.id)?.addressByFamily ?? [:]
        let place = { (port: PublishedPort) in
            port.mapping.transport == .tcp
                ? addresses[port.family].map { PortPlace($0, port.mapping.containerPort) } : nil
        }
        let places = Set(ports.compactMap(place))
        let inside = places.isEmpty ? [:] : await insight.answers(within: places)
        return ports.reduce(into: [:]) { causes, port in
            let within = place(port).flatMap { inside[$0] }
            causes[port] = PortFault.Cause(host: answers[port] ?? .unknown, inside: within)
        }
    }

    /// What is the same by each family of a port is told once.
    private func faults(of subject: Subject, _ causes: [PublishedPort: PortFault.Cause]) -> [PortFault] {
        subject.ports.flatMap { port -> [PortFault] in
            let entrances = port.entrances(on: families)
            let found = entrances.map { causes[$0] }
            if let cause = found.first ?? nil, found.allSatisfy({ $0?.isLike(cause) == true }) {
                return [PortFault(container: subject.name, mapping: port, cause: cause)]
            }
            return zip(entrances, found).compactMap { entrance, cause in
                cause.map { PortFault(container: subject.name, mapping: port, cause: $0, family: entrance.family) }
            }
        }
    }
}

extension ContainerStatus {
    /// One of each, as far as it was inspected.
    fileprivate var addressByFamily: [AddressFamily: String] {
        addressesByFamily.compactMapValues { $0.split(separator: ",").first.map(String.init) }
    }

    fileprivate var addressesByFamily: [AddressFamily: String] {
        let all = [address].compactMap(\.self) + addresses.filter { $0 != address }.sorted()
        return Dictionary(grouping: all) { AddressFamily(of: $0) }.mapValues { $0.joined(separator: ",") }
    }
}

extension ContainerPlan {
    /// How long after its start a published port may be silent: nothing says when a program without health check listens.
    public var portPatience: Duration { health?.patience ?? .seconds(30) }
}
