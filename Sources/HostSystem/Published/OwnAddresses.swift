internal import Planning

/// By which addresses this host is reached; a pure function of its interfaces.
///
/// A connection to the loopback address takes another way through the rules of an engine than those of users, so that it
/// stands only where there is no other.
struct OwnAddresses: Hashable {
    private(set) var ipv4 = "127.0.0.1"
    private(set) var ipv6 = "::1"

    /// Each interface once for each of its addresses.
    init(_ interfaces: [(name: String, address: String)]) {
        let outward = interfaces.filter { !RouteTable.isInward($0.name) }.map(\.address)
        ipv4 = outward.first { !$0.contains(":") && !$0.hasPrefix("127.") } ?? ipv4
        ipv6 = outward.first { $0.contains(":") && !$0.hasPrefix("fe80:") && $0 != "::1" } ?? ipv6
    }

    static func current() -> OwnAddresses { OwnAddresses(HostInterface.all().map { ($0.name, $0.address) }) }

    /// Where `port` is asked for; one answer is enough.
    func places(of port: PortMapping) -> [PortPlace] {
        let addresses =
            switch port.address {
            case nil: [ipv4, ipv6]
            case "0.0.0.0": [ipv4]
            case "::": [ipv6, ipv4]
            case let address?: [address]
            }
        return addresses.map { PortPlace($0, port.hostPort) }
    }
}
