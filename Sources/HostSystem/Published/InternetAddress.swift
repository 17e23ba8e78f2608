internal import Glibc
internal import Model

/// An address and a port, as the kernel takes them.
enum InternetAddress {
    case ipv4(sockaddr_in)
    case ipv6(sockaddr_in6)

    /// `nil` for what is no address.
    init?(_ place: PortPlace) {
        if place.address.contains(":") {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = place.port.bigEndian
            guard inet_pton(AF_INET6, place.address, &address.sin6_addr) == 1 else { return nil }
            self = .ipv6(address)
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = place.port.bigEndian
            guard inet_pton(AF_INET, place.address, &address.sin_addr) == 1 else { return nil }
            self = .ipv4(address)
        }
    }

    /// Whether this host answers at it: not while it finds out whether another one has that address, nor where one has.
    var isUsable: Bool {
        let family = if case .ipv4 = self { AF_INET } else { AF_INET6 }
        let number = Glibc.socket(family, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { return false }
        defer { close(number) }
        return switch self {
        case .ipv4(let address): Self.call(Glibc.bind, number, address) == 0
        case .ipv6(let address): Self.call(Glibc.bind, number, address) == 0
        }
    }

    /// 0, or the number of the error.
    func connect(_ socket: Int32) -> Int32 {
        switch self {
        case .ipv4(let address): Self.call(Glibc.connect, socket, address)
        case .ipv6(let address): Self.call(Glibc.connect, socket, address)
        }
    }

    private static func call<Address>(
        _ function: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32, _ socket: Int32, _ address: Address
    ) -> Int32 {
        let result = withUnsafeBytes(of: address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { function(socket, $0.baseAddress, socklen_t(bytes.count)) }
        }
        return result == 0 ? 0 : errno
    }
}
