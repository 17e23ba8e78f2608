/// The network of the stack's containers.
public struct NetworkPlan: Codable, Hashable, Sendable {
    /// IPv4 or IPv6 CIDR; the engine picks a free one when absent.
    public var subnet: String?
    /// In place of `subnet`: of each family one at most.
    public var subnets: [String]?
    /// Whether it has IPv6 as well, of a free subnet where none is named.
    public var ipv6: Bool?

    public init(subnet: String? = nil, subnets: [String]? = nil, ipv6: Bool? = nil) {
        self.subnet = subnet
        self.subnets = subnets
        self.ipv6 = ipv6
    }

    /// The subnets that are named, as they are written.
    public var named: [String] { subnets ?? [subnet].compactMap(\.self) }
    /// The same, each with its text.
    public var namedSubnets: [(text: String, subnet: Subnet)] {
        named.compactMap { text in Subnet(text).map { (text: text, subnet: $0) } }
    }
    /// Whether it has to be given IPv6 beside what is named.
    public var addsIPv6: Bool { ipv6 == true && !named.contains { $0.contains(":") } }
    public var hasIPv6: Bool { addsIPv6 || named.contains { $0.contains(":") } }
    /// Without a subnet the engine takes one of IPv4.
    public var hasIPv4: Bool { named.isEmpty || named.contains { !$0.contains(":") } }
}
