/// A network as the engine lists it.
public struct NetworkStatus: Hashable, Sendable {
    public var name: String
    public var subnets: [Subnet]
    /// The host's own addresses on it.
    public var gateways: [String]
    public var labels: [String: String]
    /// Whether its containers can be given addresses.
    public var fixesAddresses: Bool

    public init(
        name: String, subnets: [Subnet] = [], gateways: [String] = [], labels: [String: String] = [:],
        fixesAddresses: Bool = true
    ) {
        self.name = name
        self.subnets = subnets
        self.gateways = gateways
        self.labels = labels
        self.fixesAddresses = fixesAddresses
    }
}
