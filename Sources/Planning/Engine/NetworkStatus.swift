/// A network as the engine lists it.
public struct NetworkStatus: Hashable, Sendable {
    public var name: String
    public var subnets: [Subnet]
    public var labels: [String: String]

    public init(name: String, subnets: [Subnet] = [], labels: [String: String] = [:]) {
        self.name = name
        self.subnets = subnets
        self.labels = labels
    }
}
