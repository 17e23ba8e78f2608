/// A published port: `[ADDRESS:]HOST:CONTAINER[/tcp|/udp|/sctp][ unchecked]`, such as `443:8443` or `127.0.0.1:8080:80`.
public struct PortMapping: WrittenValue {
    public static let form = "a port mapping such as '8080:80'"

    public enum Transport: String, Codable, Sendable { case tcp, udp, sctp }

    /// Of the host; `nil` is every address. IPv6 addresses stand in brackets.
    public let address: String?
    public let hostPort: UInt16
    public let containerPort: UInt16
    public let transport: Transport
    /// Whether nobody asks from the host if it answers: nothing has to listen there, or what does is not to be disturbed.
    public let isUnchecked: Bool

    public init?(_ text: String) {
        let pattern =
            /(?:(?<address>[0-9.]+|\[[0-9a-fA-F:]+\]):)?(?<host>[0-9]+):(?<container>[0-9]+)(?:\/(?<transport>tcp|udp|sctp))?(?<unchecked> unchecked)?/
        guard let match = text.wholeMatch(of: pattern)?.output,
            let hostPort = UInt16(match.host), let containerPort = UInt16(match.container),
            hostPort > 0, containerPort > 0
        else { return nil }
        address = match.address.map { $0.trimmingPrefix("[") }.map { String($0.hasSuffix("]") ? $0.dropLast() : $0) }
        self.hostPort = hostPort
        self.containerPort = containerPort
        transport = match.transport.flatMap { Transport(rawValue: String($0)) } ?? .tcp
        isUnchecked = match.unchecked != nil
    }

    public var description: String {
        let host = address.map { $0.contains(":") ? "[\($0)]:" : "\($0):" } ?? ""
        return "\(host)\(hostPort):\(containerPort)" + (transport == .tcp ? "" : "/\(transport)")
            + (isUnchecked ? " unchecked" : "")
    }

    /// Whether it takes the port of name servers on every address of the host, the engine's own on the stack's network too.
    public var isEveryNameServer: Bool {
        hostPort == 53 && transport != .sctp && address.map { IPAddress($0)?.isEvery == true } ?? true
    }

    /// Whether both want the same port of the host at once.
    public func clashes(with other: Self) -> Bool {
        hostPort == other.hostPort && transport == other.transport && overlaps(other)
    }

    /// Whether one takes addresses of the other: `0.0.0.0` is every IPv4 address, `::` is every address.
    private func overlaps(_ other: Self) -> Bool {
        guard let own = address.flatMap(IPAddress.init), let its = other.address.flatMap(IPAddress.init) else {
            return address == nil || other.address == nil || address == other.address
        }
        let isIPv6 = [own, its].map { $0.bytes.count == 16 }
        return own == its || (own.isEvery && (isIPv6[0] || !isIPv6[1])) || (its.isEvery && (isIPv6[1] || !isIPv6[0]))
    }
}
