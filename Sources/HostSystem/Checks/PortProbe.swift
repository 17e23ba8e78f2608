internal import Files
internal import Glibc
internal import Model

/// Whether a port of the host could be published now, found out by binding it for a moment.
///
/// The kernel knows best: it minds addresses, IPv6 sockets that take IPv4 too, and addresses that this host lacks.
struct PortProbe {
    let mapping: PortMapping

    init(_ mapping: PortMapping) { self.mapping = mapping }

    /// `nil` also where it cannot be found out: the engine then reports it.
    var problem: HostProblem? {
        guard let code = bindingError else { return nil }
        let place = mapping.address.map { "\($0):" } ?? ""
        switch code {
        case EADDRINUSE where isTakenByOwnNameServer: return nil
        case EADDRINUSE:
            let flag = mapping.transport == .udp ? "u" : "t"
            return HostProblem(
                message: "port \(place)\(mapping.hostPort)/\(mapping.transport.rawValue) is taken by another program",
                hint: "'ss -ln\(flag)p sport = :\(mapping.hostPort)' shows which; stop it, or publish another port")
        case EADDRNOTAVAIL:
            return HostProblem(
                message: "port \(place)\(mapping.hostPort) cannot be published: this host has no such address",
                hint: "'ip address' shows the addresses; correct the port mapping or leave its address out")
        default: return nil
        }
    }

    /// The engine's, which goes with the stack's network.
    private var isTakenByOwnNameServer: Bool {
        guard mapping.isEveryNameServer else { return false }
        let holders = BoundSockets.current(on: mapping.hostPort, mapping.transport).addresses
        let own = HostInterface.all().filter(\.isStackBridge).map(\.address)
        return !holders.isEmpty && holders.isSubset(of: own)
    }

    private var bindingError: Int32? {
        guard mapping.transport != .sctp else { return nil }
        return mapping.address?.contains(":") == true ? bindIPv6() : bindIPv4()
    }

    private func bindIPv4() -> Int32? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = mapping.hostPort.bigEndian
        guard inet_pton(AF_INET, mapping.address ?? "0.0.0.0", &address.sin_addr) == 1 else { return nil }
        return bind(AF_INET, &address)
    }

    private func bindIPv6() -> Int32? {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = mapping.hostPort.bigEndian
        guard inet_pton(AF_INET6, mapping.address, &address.sin6_addr) == 1 else { return nil }
        return bind(AF_INET6, &address)
    }

    private func bind<Address>(_ family: Int32, _ address: inout Address) -> Int32? {
        let isTCP = mapping.transport == .tcp
        let kind = Int32((isTCP ? SOCK_STREAM : SOCK_DGRAM).rawValue | SOCK_CLOEXEC.rawValue)
        let number = socket(family, kind, 0)
        guard number >= 0 else { return nil }
        let socket = Descriptor(owning: number, path: "socket")
        // Without it connections that ended a minute ago would make the port look taken.
        if isTCP { socket.enable(SO_REUSEADDR, level: SOL_SOCKET) }
        if family == AF_INET6 { socket.enable(IPV6_V6ONLY, level: Int32(IPPROTO_IPV6)) }
        let result = withUnsafeBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                Glibc.bind(socket.number, $0.baseAddress, socklen_t(bytes.count))
            }
        }
        return result == 0 ? nil : errno
    }
}

extension Descriptor {
    /// Switches a socket option on.
    func enable(_ option: Int32, level: Int32) {
        var on: Int32 = 1
        setsockopt(number, level, option, &on, socklen_t(MemoryLayout<Int32>.size))
    }
}
