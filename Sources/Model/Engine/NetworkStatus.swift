/// A network as the engine lists it.
public struct NetworkStatus: Hashable, Sendable {
    public var name: String
    public var subnets: [Subnet]
    /// The host's own addresses on it.
    public var gateways: [String]
    public var labels: [String: String]
    /// The bridge on the host that the engine makes for the first container and removes with the last; `nil` where it is
    /// there as long as the network.
    public var interface: String?
    /// Whether its containers can be given addresses.
    public var fixesAddresses: Bool

    /// Whether the engine answers for the names of its containers.
    public var resolvesNames = true

    public init(
        name: String, subnets: [Subnet] = [], gateways: [String] = [], labels: [String: String] = [:],
        interface: String? = nil, fixesAddresses: Bool = true
    ) {
        self.name = name
        self.subnets = subnets
        self.gateways = gateways
        self.labels = labels
        self.interface = interface
        self.fixesAddresses = fixesAddresses
    }
}
