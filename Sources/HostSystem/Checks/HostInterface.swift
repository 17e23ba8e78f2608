internal import Glibc
public import Model

extension HostSystem {
    /// Of every interface of this host.
    public func interfaceSubnets() -> [Subnet] { HostInterface.all().map(\.subnet) }
}

/// A network interface of this host, once for each of its addresses.
struct HostInterface {
    let name: String
    /// As text.
    let address: String
    let subnet: Subnet
    let isUp: Bool

    /// Given up with the stack's network before the new one is made; the engine's other bridges it tells itself.
    var isStackBridge: Bool { Self.isStackBridge(name) }

    static func isStackBridge(_ name: String) -> Bool { name.hasPrefix("fl-") }

    /// Whether an interface is set up, with or without an address; yes where that cannot be told.
    static func isUp(_ name: String) -> Bool {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return true }
        defer { freeifaddrs(first) }
        return sequence(first: first) { $0?.pointee.ifa_next }.contains { entry in
            guard let entry = entry?.pointee else { return false }
            return String(cString: entry.ifa_name) == name && entry.ifa_flags & UInt32(IFF_UP) != 0
        }
    }

    /// Empty where they cannot be listed: the engine then reports a clash.
    static func all() -> [HostInterface] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        return sequence(first: first) { $0?.pointee.ifa_next }.compactMap { $0.flatMap { HostInterface($0.pointee) } }
    }

    private init?(_ entry: ifaddrs) {
        guard let address = entry.ifa_addr, let mask = entry.ifa_netmask,
            let text = Self.text(of: address), let bits = Self.bytes(of: mask, Int32(address.pointee.sa_family)),
            let subnet = Subnet("\(text)/\(bits.reduce(0) { $0 + $1.nonzeroBitCount })")
        else { return nil }
        name = String(cString: entry.ifa_name)
        self.address = text
        self.subnet = subnet
        isUp = entry.ifa_flags & UInt32(IFF_UP) != 0
    }

    private static func text(of address: UnsafePointer<sockaddr>) -> String? {
        let family = Int32(address.pointee.sa_family)
        guard let bytes = bytes(of: address, family) else { return nil }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// In network order; `nil` for a family that is neither IPv4 nor IPv6.
    private static func bytes(of address: UnsafePointer<sockaddr>, _ family: Int32) -> [UInt8]? {
        let memory = UnsafeRawPointer(address)
        switch family {
        case AF_INET: return withUnsafeBytes(of: memory.load(as: sockaddr_in.self).sin_addr) { Array($0) }
        case AF_INET6: return withUnsafeBytes(of: memory.load(as: sockaddr_in6.self).sin6_addr) { Array($0) }
        default: return nil
        }
    }
}
