internal import Files
internal import Glibc
internal import Model

/// Who waits on a port of this host, as `/proc/net` tells it.
struct BoundSockets {
    /// Of the host, as text; `0.0.0.0` and `::` are every one.
    let addresses: Set<String>

    static func current(on port: UInt16, _ transport: PortMapping.Transport) -> BoundSockets {
        let tables = ["", "6"].map { family in
            let content = try? Descriptor("/proc/net/\(transport.rawValue)\(family)", O_RDONLY).read(limit: 16 << 20)
            return String(decoding: content ?? [], as: UTF8.self)
        }
        return BoundSockets(tables, port)
    }

    /// `sl local_address rem_address st …`: `0: 0100007F:0035 00000000:0000 0A`.
    init(_ tables: [String], _ port: UInt16) {
        let lines = tables.flatMap { $0.split(separator: "\n") }.map { $0.split(whereSeparator: \.isWhitespace) }
        addresses = Set(
            lines.compactMap { words in
                // Of TCP those that listen, of UDP those that are not connected.
                guard words.count > 3, ["0A", "07"].contains(words[3]) else { return nil }
                let parts = words[1].split(separator: ":")
                guard parts.count == 2, UInt16(parts[1], radix: 16) == port else { return nil }
                return Self.address(parts[0])
            })
    }

    /// Words of 32 bits, each in the order of this machine.
    private static func address(_ digits: Substring) -> String? {
        guard digits.count == 8 || digits.count == 32 else { return nil }
        let words = stride(from: 0, to: digits.count, by: 8).compactMap {
            UInt32(digits.dropFirst($0).prefix(8), radix: 16)
        }
        let bytes = words.flatMap { word in withUnsafeBytes(of: word) { Array($0) } }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard bytes.count == 4 || bytes.count == 16,
            inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count)) != nil
        else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
