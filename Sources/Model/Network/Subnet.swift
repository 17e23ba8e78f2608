/// A network in CIDR notation: `10.89.7.0/24`.
public struct Subnet: Hashable, Sendable {
    package let address: IPAddress
    package let length: Int

    /// `nil` for anything but an address, a slash and a length that fits it.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(String(parts[0])), let length = Int(parts[1]),
            parts[1].allSatisfy(\.isWholeNumber), (0...address.bytes.count * 8).contains(length)
        else { return nil }
        self.address = address
        self.length = length
    }

    /// The first address of the network, which its name should be.
    package var network: IPAddress { address.masked(length) }
    /// Binary digits left for the hosts.
    package var hostBits: Int { address.bytes.count * 8 - length }

    package func contains(_ other: Subnet) -> Bool {
        other.address.bytes.count == address.bytes.count && other.length >= length
            && other.address.masked(length) == network
    }

    package func contains(_ other: IPAddress) -> Bool {
        other.bytes.count == address.bytes.count && other.masked(length) == network
    }

    /// Whether an address is in both.
    public func overlaps(_ other: Subnet) -> Bool {
        let shorter = min(length, other.length)
        return address.bytes.count == other.address.bytes.count
            && address.masked(shorter) == other.address.masked(shorter)
    }

    /// Never routed in the Internet: RFC 1918, RFC 6598, RFC 4193.
    package var isPrivate: Bool {
        ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"]
            .compactMap(Subnet.init).contains { $0.contains(self) }
    }
}
