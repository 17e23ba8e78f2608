/// Where a TCP connection goes to.
public struct PortPlace: Hashable, Sendable {
    /// Of IPv4 or IPv6, as text.
    public let address: String
    public let port: UInt16

    public init(_ address: String, _ port: UInt16) {
        self.address = address
        self.port = port
    }
}

/// Of addresses.
public enum AddressFamily: String, Hashable, Sendable, CaseIterable {
    case ipv4 = "IPv4"
    case ipv6 = "IPv6"

    /// Of an address as text.
    public init(of address: String) { self = address.contains(":") ? .ipv6 : .ipv4 }
}

/// A published port, as users of one family come to it.
public struct PublishedPort: Hashable, Sendable {
    public let mapping: PortMapping
    public let family: AddressFamily

    public init(_ mapping: PortMapping, by family: AddressFamily) {
        self.mapping = mapping
        self.family = family
    }
}

/// What the rules of the host's firewall have to do for those who come to a published port from outside: lead to the container.
public struct PortRule: Hashable, Sendable {
    public let port: PublishedPort
    /// Addresses of the container, of the same family, with commas between them.
    public let container: String

    public init(_ port: PublishedPort, to container: String) {
        self.port = port
        self.container = container
    }
}

extension PortMapping {
    /// Whether nobody comes to it from outside.
    public var isOfLoopback: Bool {
        guard let address = singleAddress else { return false }
        return address.hasPrefix("127.") || address == "::1"
    }

    /// The one address of the host at which it is published, as programs write it; `nil` where that is every one.
    public var singleAddress: String? {
        guard let address, let parsed = IPAddress(address) else { return address }
        return parsed.isEvery ? nil : parsed.description
    }

    /// By what users come to it on a network of `families`.
    public func entrances(on families: Set<AddressFamily>) -> [PublishedPort] {
        let all = AddressFamily.allCases.filter(families.contains)
        guard let address else { return all.map { PublishedPort(self, by: $0) } }
        let own = AddressFamily(of: address)
        // '::' takes IPv4 too.
        let isOther = address == "::" && !families.contains(own)
        return isOther ? all.map { PublishedPort(self, by: $0) } : [PublishedPort(self, by: own)]
    }
}

extension NetworkStatus {
    /// Those that its containers have addresses of.
    public var families: Set<AddressFamily> { Set(subnets.map(\.family)) }
}

extension Subnet {
    var family: AddressFamily { address.bytes.count == 4 ? .ipv4 : .ipv6 }
}

/// What becomes of a TCP connection.
public enum PortAnswer: Hashable, Sendable {
    /// Somebody takes it.
    case taken
    case refused
    /// Nothing came back in time.
    case silent
    /// This host itself holds it, for a program that never takes it: engines keep the port of a container so, and are
    /// reached where the rule that leads to the container is gone.
    case untaken
    /// No way of this host leads there.
    case unreached
    /// The rules of the host's firewall keep those from it who come from outside.
    case barred(PortBar)
    /// It could not be tried.
    case unknown

    /// Whether there is nothing to find out.
    public var isSettled: Bool { self == .taken || self == .unknown }
}
