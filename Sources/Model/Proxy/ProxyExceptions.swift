/// The hosts that are reached without the web proxy, by the rules that Podman, Docker and rclone have for `NO_PROXY`:
/// the same list means the same for all that Fairlead does and starts.
///
/// `example.com` is that host and every one below it, `.example.com` only those below it; an address is itself, a network
/// such as `10.0.0.0/8` every address in it. Names are not resolved for that. A port behind all but a network restricts it
/// to that port. This host itself never goes through the proxy.
public struct ProxyExceptions: Sendable, Hashable, Codable {
    private enum Rule {
        case host(Substring, port: Int?)
        case below(Substring, port: Int?)
        case address(IPAddress, port: Int?)
        case network(Subnet)
    }

    /// As written.
    public let entries: [String]

    public init() { entries = [] }

    /// `nil` when one of them is none of the forms.
    public init?(_ entries: [String]) {
        guard entries.allSatisfy({ Self.rule($0) != nil }) else { return nil }
        self.entries = entries
    }

    /// Whether `text` is of one of the forms.
    public static func isValid(_ text: String) -> Bool { rule(text) != nil }

    /// For `NO_PROXY`.
    var list: String { entries.joined(separator: ",") }

    func match(_ host: String, port: Int) -> Bool {
        let name = host.lowercased()
        let address = IPAddress(name)
        if name == "localhost" || address?.isLoopback == true { return true }
        return entries.contains { entry in
            switch Self.rule(entry) {
            case .host(let wanted, let at): Self.fits(at, port) && (name == wanted || name.hasSuffix(".\(wanted)"))
            case .below(let wanted, let at): Self.fits(at, port) && name.hasSuffix(wanted)
            case .address(let wanted, let at): Self.fits(at, port) && address == wanted
            case .network(let network): address.map(network.contains) ?? false
            case nil: false
            }
        }
    }

    private static func fits(_ wanted: Int?, _ port: Int) -> Bool { wanted == nil || wanted == port }

    private static func rule(_ entry: String) -> Rule? {
        let text = entry.lowercased()
        if let network = Subnet(text) { return .network(network) }
        if let address = IPAddress(text) { return .address(address, port: nil) }
        let pattern = #/(?:\[(?<address>[0-9a-f:.]+)\]|(?<name>[a-z0-9._-]+))(?::(?<port>[0-9]{1,5}))?/#
        guard let match = text.wholeMatch(of: pattern)?.output else { return nil }
        let port = match.port.flatMap { Int($0) }
        if let port, !(1...65535).contains(port) { return nil }
        let name = match.address ?? match.name ?? ""
        if let address = IPAddress(String(name)) { return .address(address, port: port) }
        guard match.address == nil, name.contains(where: { $0 != "." }) else { return nil }
        return name.hasPrefix(".") ? .below(name, port: port) : .host(name, port: port)
    }
}

extension IPAddress {
    var isLoopback: Bool {
        guard bytes.count == 16 else { return bytes.first == 127 }
        return bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }
}
