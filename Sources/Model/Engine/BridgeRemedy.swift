/// A bridge of the host, on which a network of the engine lies.
public struct BridgeStatus: Hashable, Sendable {
    public var addresses: Set<String>
    /// The networks that ways lead to over it.
    public var routes: Set<Subnet>
    /// Whether it carries anything.
    public var isUp: Bool
    /// How many interfaces on it carry something; `nil` where that is not known.
    public var ports: Int?

    public init(addresses: Set<String>, routes: Set<Subnet>, isUp: Bool = true, ports: Int? = nil) {
        self.addresses = addresses
        self.routes = routes
        self.isUp = isUp
        self.ports = ports
    }
}

/// What becomes of the bridge of a network before a container is started on that; a pure function of both.
///
/// An engine that is killed while it makes a bridge leaves it without its address, and takes it for made from then on.
public enum BridgeRemedy: Hashable, Sendable {
    case none
    /// The engine makes it anew, as a whole.
    case remove
    /// Containers run on it: it is set up, and gets these addresses again, each with the length of its network.
    case readdress([String])

    /// `bridge`: `nil` where there is none yet. `isInUse`: a container runs on the network.
    public init(_ bridge: BridgeStatus?, of network: NetworkStatus, isInUse: Bool) {
        guard let bridge else {
            self = .none
            return
        }
        let lacking = network.gateways.compactMap { gateway -> String? in
            guard let subnet = network.subnets.first(where: { $0.contains(address: gateway) }) else { return nil }
            // Without a container on it a bridge has no way for IPv6 yet.
            let leads = bridge.routes.contains(subnet) || (gateway.contains(":") && !isInUse)
            return bridge.addresses.contains(gateway) && leads ? nil : "\(gateway)/\(subnet.length)"
        }
        if lacking.isEmpty, bridge.isUp { self = .none } else { self = isInUse ? .readdress(lacking) : .remove }
    }
}
