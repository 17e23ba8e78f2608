public import Model

/// Asks for ports from this host, as whoever comes to it would.
public protocol PortInsight: Sendable {
    /// What comes of a connection to each published port, all of them at once.
    func answers(from ports: Set<PublishedPort>) async -> [PublishedPort: PortAnswer]
    /// The same of ports of containers, at their own addresses.
    func answers(within places: Set<PortPlace>) async -> [PortPlace: PortAnswer]
    /// Whether the rules of the host's firewall lead whoever comes from outside there: `.taken`, or `.barred`.
    func answers(byRules rules: Set<PortRule>) async -> [PortRule: PortAnswer]
}

/// Leads the published ports of the host to containers.
public protocol PortRenewal: Sendable {
    /// Has the engine lead the ports to the container once more. It runs on and keeps its addresses; its connections may end.
    func renewPorts(of container: String, in network: String) async throws
}

/// Looks from this host at the networks of stacks.
public protocol NetworkInsight: Sendable {
    /// What is wrong with one on which this many containers run; `nil` where nothing is, or it cannot be told.
    func fault(of network: NetworkStatus, under containers: Int) async -> NetworkFault?
}

/// Makes the host's side of a network whole again.
public protocol NetworkRepairing: Sendable {
    /// The containers that run on it, by id, run on and keep their addresses; their connections may end.
    func repair(_ fault: NetworkFault, of network: NetworkStatus, containers: [String]) async throws
}

/// How the host and the containers of a stack reach each other.
public typealias StackReach = PublishedPorts & NetworkInsight & NetworkRepairing

/// The published ports of containers.
public typealias PublishedPorts = PortInsight & PortRenewal

/// Of a stack that publishes none, such as a drill's.
public struct UnpublishedPorts: PublishedPorts {
    public init() {}

    public func answers(from ports: Set<PublishedPort>) async -> [PublishedPort: PortAnswer] { [:] }
    public func answers(within places: Set<PortPlace>) async -> [PortPlace: PortAnswer] { [:] }
    public func answers(byRules rules: Set<PortRule>) async -> [PortRule: PortAnswer] { [:] }
    public func renewPorts(of container: String, in network: String) async throws {}
}
