/// A published port that leads nobody who comes to the host to the program inside.
public struct PortFault: Hashable, Sendable {
    public enum Cause: Hashable, Sendable {
        /// The host does not lead to the container.
        case rule
        /// Nothing listens in the container.
        case nobody
        /// There is no answer, on the host's port nor inside.
        case silence

        /// From what comes of a connection to the host's port and of one to the container itself, as far as that is known;
        /// `nil` where nothing is wrong, or cannot be told.
        public init?(host: PortAnswer, inside: PortAnswer?) {
            switch (host, inside) {
            case (.taken, _), (.unknown, _): return nil
            case (.untaken, _), (_, .taken?): self = .rule
            case (_, nil), (_, .unknown?): return nil
            case (_, .refused?): self = .nobody
            case (_, .silent?), (_, .untaken?): self = .silence
            }
        }
    }

    /// Its name in the plan.
    public let container: String
    public let mapping: PortMapping
    public let cause: Cause

    public init(container: String, mapping: PortMapping, cause: Cause) {
        self.container = container
        self.mapping = mapping
        self.cause = cause
    }

    /// Without the container: `port '80:8080' is dead: …`.
    public var text: String {
        switch cause {
        case .rule: "port '\(mapping)' is dead: what arrives at the host's port is not led to the container"
        case .nobody: "port '\(mapping)' does not answer: nothing listens inside on \(mapping.containerPort)"
        case .silence: "port '\(mapping)' does not answer, and \(mapping.containerPort) inside does not either"
        }
    }

    /// A next step.
    public var advice: String {
        switch cause {
        case .rule:
            "look at the host's firewall ('nft list ruleset', 'iptables-save') and at what reloads it; "
                + "'podman network reload --all' writes the engine's rules anew"
        case .nobody:
            "let the program listen on port \(mapping.containerPort) of every address, correct the port mapping, or write "
                + "'\(mapping) unchecked' where nothing has to listen"
        case .silence: "look at the container's log and at what its program waits for"
        }
    }
}

extension ContainerPlan {
    /// The published ports that are asked from the host.
    public var askedPorts: [PortMapping] { ports.filter { $0.transport == .tcp && !$0.isUnchecked } }
}
