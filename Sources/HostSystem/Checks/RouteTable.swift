internal import Files
internal import Glibc
internal import Model

/// The ways of this host, as `/proc/net/route` and `/proc/net/ipv6_route` tell them.
struct RouteTable {
    struct Route: Equatable {
        let interface: String
        /// The network that it leads to; `nil` of the way to everywhere else.
        let network: String?
        let router: String?
    }

    private(set) var routes: [Route] = []

    static func current() -> RouteTable {
        let read = { (path: String) in
            String(decoding: (try? Descriptor(path, O_RDONLY).read(limit: 4 << 20)) ?? [], as: UTF8.self)
        }
        return RouteTable(ipv4: read("/proc/net/route"), ipv6: read("/proc/net/ipv6_route"))
    }

    init(ipv4: String, ipv6: String) {
        routes = Self.lines(ipv4).dropFirst().compactMap(Self.ipv4) + Self.lines(ipv6).compactMap(Self.ipv6)
    }

    /// Routers, and networks that are reached over interfaces; not those of bridges, which an engine makes.
    func needed(except own: [Subnet]) -> [NeededAddress] {
        routes.filter { !isInward($0.interface) }.flatMap { route -> [NeededAddress] in
            let router = route.router.map { NeededAddress($0, owner: "the router of interface '\(route.interface)'") }
            let network = route.network.flatMap { text -> NeededAddress? in
                guard let network = Subnet(text), !own.contains(where: { $0.overlaps(network) }) else { return nil }
                let address = String(text.prefix { $0 != "/" })
                return NeededAddress(address, owner: "the route to '\(text)' over '\(route.interface)'")
            }
            return [router, network].compactMap(\.self)
        }
    }

    /// Whether an interface leads to containers, or to this host itself: not one by which the kernel leads elsewhere,
    /// as a bridge that its owner named 'br-lan', or the end of a veth pair in a host that is a container.
    func isInward(_ name: String) -> Bool {
        if name == "lo" || HostInterface.isStackBridge(name) { return true }
        guard !routes.contains(where: { $0.network == nil && $0.interface == name }) else { return false }
        return name.hasPrefix("veth") || EngineProduct.allCases.contains { $0.traits.networks.own(name) }
    }

    private static func lines(_ text: String) -> [[Substring]] {
        text.split(separator: "\n").map { $0.split(whereSeparator: \.isWhitespace) }
    }

    /// `eth0 0000000A 00000000 0001 0 0 0 000000FF …`: destination, router and mask, each in the order of this machine.
    private static func ipv4(_ words: [Substring]) -> Route? {
        guard words.count > 7, let target = UInt32(words[1], radix: 16), let router = UInt32(words[2], radix: 16),
            let mask = UInt32(words[7], radix: 16)
        else { return nil }
        let network = mask == 0 ? nil : "\(text(target))/\(mask.nonzeroBitCount)"
        return Route(interface: String(words[0]), network: network, router: router == 0 ? nil : text(router))
    }

    private static func text(_ address: UInt32) -> String {
        withUnsafeBytes(of: address) { $0.map { "\($0)" }.joined(separator: ".") }
    }

    /// `fd00… 40 source 40 router metric references use flags eth0`, in the order of the network.
    private static func ipv6(_ words: [Substring]) -> Route? {
        guard words.count > 9, let length = Int(words[1], radix: 16), let flags = UInt32(words[8], radix: 16),
            let target = address(words[0]), let router = address(words[4]),
            // Addresses of this host itself and of groups are no ways, nor is what is rejected.
            flags & 0x8000_0000 == 0, flags & 0x0200 == 0, !target.hasPrefix("ff")
        else { return nil }
        return Route(
            interface: String(words[9]), network: length == 0 ? nil : "\(target)/\(length)",
            router: router == "::" ? nil : router)
    }

    private static func address(_ digits: Substring) -> String? {
        guard digits.count == 32 else { return nil }
        let pairs = stride(from: 0, to: 32, by: 2).compactMap { offset in
            UInt8(digits.dropFirst(offset).prefix(2), radix: 16)
        }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard pairs.count == 16, inet_ntop(AF_INET6, pairs, &text, socklen_t(text.count)) != nil else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
