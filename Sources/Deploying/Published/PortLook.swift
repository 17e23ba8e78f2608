public import Planning

/// Asks the published TCP ports of containers from the host, and finds out why one does not answer.
public struct PortLook: Sendable {
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
    private let inspect: @Sendable (String) async throws -> ContainerStatus?

    /// `inspect` tells the address of a container by its id.
    public init(_ insight: any PortInsight, inspect: @escaping @Sendable (String) async throws -> ContainerStatus?) {
        self.insight = insight
        self.inspect = inspect
    }

    /// The engine is asked only where a port does not answer.
    public func faults(of subjects: [Subject]) async throws -> [PortFault] {
        let first = await answers(of: subjects.flatMap(\.ports))
        var faults: [PortFault] = []
        for subject in subjects {
            let open = subject.ports.filter { first[$0]?.isSettled == false }
            guard !open.isEmpty else { continue }
            faults += try await self.faults(of: subject, at: open, first)
        }
        // A program that began to listen between both questions.
        let last = await answers(of: faults.map(\.mapping))
        return faults.filter { last[$0.mapping]?.isSettled == false }
    }

    private func answers(of ports: [PortMapping]) async -> [PortMapping: PortAnswer] {
        ports.isEmpty ? [:] : await insight.answers(from: Set(ports))
    }

    private func faults(
        of subject: Subject, at ports: [PortMapping], _ answers: [PortMapping: PortAnswer]
    ) async throws -> [PortFault] {
        let address = try await inspect(subject.id)?.address
        let places = address.map { address in Set(ports.map { PortPlace(address, $0.containerPort) }) } ?? []
        let inside = places.isEmpty ? [:] : await insight.answers(within: places)
        return ports.compactMap { port in
            let within = address.flatMap { inside[PortPlace($0, port.containerPort)] }
            return PortFault.Cause(host: answers[port] ?? .unknown, inside: within).map {
                PortFault(container: subject.name, mapping: port, cause: $0)
            }
        }
    }
}

extension ContainerPlan {
    /// How long after its start a published port may be silent: nothing says when a program without health check listens.
    public var portPatience: Duration { health?.patience ?? .seconds(30) }
}
