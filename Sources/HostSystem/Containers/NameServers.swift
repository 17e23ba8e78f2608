internal import Files
internal import Glibc
internal import Model

/// The programs of this host that wait for datagrams, as `/proc/net/udp` and `/proc/net/udp6` list them.
///
/// A name server is looked for, not asked: an answer may be late under load, or have to come from another server.
struct NameServers {
    /// Addresses and ports, as the kernel writes them: `0100590A:0035`.
    private let sockets: [(address: Substring, port: Substring)]

    /// `nil` where they cannot be listed, or this host has no name server of an engine to be started.
    static func current() -> NameServers? {
        let programs = EngineProduct.allCases.flatMap { $0.traits.nameServer?.paths ?? [] }
        guard programs.contains(where: { access($0, X_OK) == 0 }),
            let list = try? Descriptor("/proc/net/udp", O_RDONLY).read(limit: 64 << 20)
        else { return nil }
        // Not there on a host without IPv6.
        let list6 = (try? Descriptor("/proc/net/udp6", O_RDONLY).read(limit: 64 << 20)) ?? []
        return NameServers([list, list6].map { String(decoding: $0, as: UTF8.self) })
    }

    init(_ lists: [String]) {
        sockets = lists.flatMap { $0.split(separator: "\n").dropFirst() }.compactMap { line in
            let words = line.split(separator: " ", maxSplits: 2)
            let ends = words.count > 1 ? words[1].split(separator: ":") : []
            return ends.count == 2 ? (ends[0], ends[1]) : nil
        }
    }

    /// Whether one may serve a network with these addresses of the host: by `dns_bind_port` it has another port, and a server
    /// of somebody else's may have port 53 of every address.
    func serve(_ gateways: [String]) -> Bool {
        let own = Set(gateways.compactMap(Self.kernelForm).map { Substring($0) })
        return sockets.contains { socket in
            own.contains(socket.address) || (socket.port == "0035" && socket.address.allSatisfy { $0 == "0" })
        }
    }

    /// Words of four bytes, the last byte first.
    private static func kernelForm(_ address: String) -> String? {
        let family = address.contains(":") ? AF_INET6 : AF_INET
        var bytes = [UInt8](repeating: 0, count: family == AF_INET6 ? 16 : 4)
        guard inet_pton(family, address, &bytes) == 1 else { return nil }
        let words = stride(from: 0, to: bytes.count, by: 4).map { (start: Int) -> [UInt8] in
            bytes[start..<start + 4].reversed()
        }
        return words.joined().map(hexadecimal).joined()
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return byte < 16 ? "0" + digits : digits
    }
}
