/// What is wrong on this host with a network on which containers run; a pure function of what is seen of it.
public enum NetworkFault: Hashable, Sendable {
    /// Its bridge is not there.
    case gone(bridge: String)
    case down(bridge: String)
    /// Its bridge lacks these addresses, or the ways that belong to them.
    case bare(bridge: String, lacking: [String])
    /// Containers that run on it, in this number, have no interface on its bridge.
    case loose(bridge: String, containers: Int)
    /// Nobody answers for the names of its containers.
    case nameless

    /// `bridge`: `nil` where there is none. `containers`: how many run on the network. `resolves`: whether its name server
    /// answers; `nil` where it has none, or it cannot be told.
    public init?(_ bridge: BridgeStatus?, of network: NetworkStatus, containers: Int, resolves: Bool?) {
        guard let interface = network.interface else { return nil }
        guard let bridge else {
            self = .gone(bridge: interface)
            return
        }
        switch BridgeRemedy(bridge, of: network, isInUse: true) {
        case .readdress where !bridge.isUp: self = .down(bridge: interface)
        case .readdress(let addresses): self = .bare(bridge: interface, lacking: addresses)
        case .none where bridge.ports.map { $0 < containers } ?? false:
            self = .loose(bridge: interface, containers: containers - (bridge.ports ?? 0))
        case .none where resolves == false: self = .nameless
        case .none, .remove: return nil
        }
    }

    /// Whether nobody gets from this host to any container, or from one to another: not where a part goes on.
    public var cutsOff: Bool {
        switch self {
        case .gone, .down: true
        case .bare(_, let lacking): lacking.contains { AddressFamily(of: $0) == .ipv4 }
        case .loose, .nameless: false
        }
    }

    /// For people, without the network: `is not whole: …`.
    public var text: String {
        switch self {
        case .gone(let bridge): "is not whole: its bridge '\(bridge)' is gone from the host"
        case .down(let bridge): "is not whole: its bridge '\(bridge)' is down"
        case .bare(let bridge, let lacking):
            "is not whole: its bridge '\(bridge)' has lost \(lacking.joined(separator: " and ")), or the way to it"
        case .loose(let bridge, let containers):
            "is not whole: \(containers) of its containers \(containers == 1 ? "is" : "are") not on its bridge '\(bridge)'"
        case .nameless:
            "is not whole: its name server does not answer, so that containers do not find each other by name"
        }
    }
}
