internal import Model

/// By which addresses this host is reached; a pure function of its interfaces.
///
/// A connection to the loopback address takes another way through the rules of an engine than those of users, so that it
/// stands only where there is no other.
struct OwnAddresses: Hashable {
    private(set) var ipv4 = "127.0.0.1"
    /// `nil`: nobody comes by it. Nor is loopback asked, from which no way leads to a container.
    private(set) var ipv6: String?

    /// Each interface once for each of its addresses; `routes` tell which lead to containers.
    init(_ interfaces: [(name: String, address: String)], _ routes: RouteTable) {
        let outward = interfaces.filter { !routes.isInward($0.name) }.map(\.address)
        ipv4 = outward.first { !$0.contains(":") && !$0.hasPrefix("127.") } ?? ipv4
        ipv6 = outward.first { $0.contains(":") && !$0.hasPrefix("fe80:") && $0 != "::1" }
    }

    static func current() -> OwnAddresses {
        OwnAddresses(
            HostInterface.all().filter { InternetAddress(PortPlace($0.address, 0))?.isUsable == true }
                .map { ($0.name, $0.address) }, .current())
    }

    /// Where `port` is asked for; `nil` where nobody comes to it.
    func place(of port: PublishedPort) -> PortPlace? {
        let own = port.family == .ipv4 ? ipv4 : ipv6
        let address = port.mapping.address.flatMap { ["0.0.0.0", "::"].contains($0) ? nil : $0 } ?? own
        return address.map { PortPlace($0, port.mapping.hostPort) }
    }
}
