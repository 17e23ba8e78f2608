internal import Glibc

/// An IPv4 or IPv6 address, as its bytes in network order.
struct IPAddress: Hashable {
    let bytes: [UInt8]

    init?(_ text: String) {
        // A NUL would end the text early for the C function.
        guard !text.hasControlCharacters else { return nil }
        guard let bytes = Self.parse(text, AF_INET, 4) ?? Self.parse(text, AF_INET6, 16) else { return nil }
        self.bytes = bytes
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    var isEvery: Bool { bytes.allSatisfy { $0 == 0 } }

    /// With every bit behind the first `length` bits cleared.
    func masked(_ length: Int) -> IPAddress {
        IPAddress(
            bytes: bytes.enumerated().map { index, byte in
                let kept = min(max(length - index * 8, 0), 8)
                return byte & ~UInt8(truncatingIfNeeded: 0xFF >> kept)
            })
    }

    private static func parse(_ text: String, _ family: Int32, _ length: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: length)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}

extension IPAddress: CustomStringConvertible {
    var description: String {
        var text = [CChar](repeating: 0, count: 64)
        guard inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count)) != nil else {
            return ""
        }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// A network in CIDR notation: `10.89.7.0/24`.
struct Subnet: Hashable {
    let address: IPAddress
    let length: Int

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(String(parts[0])), let length = Int(parts[1]),
            parts[1].allSatisfy(\.isWholeNumber), (0...address.bytes.count * 8).contains(length)
        else { return nil }
        self.address = address
        self.length = length
    }

    /// The first address of the network, which its name should be.
    var network: IPAddress { address.masked(length) }
    /// Binary digits left for the hosts.
    var hostBits: Int { address.bytes.count * 8 - length }

    func contains(_ other: Subnet) -> Bool {
        other.address.bytes.count == address.bytes.count && other.length >= length
            && other.address.masked(length) == network
    }

    /// Never routed in the Internet: RFC 1918, RFC 6598, RFC 4193.
    var isPrivate: Bool {
        ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"]
            .compactMap(Subnet.init).contains { $0.contains(self) }
    }
}
