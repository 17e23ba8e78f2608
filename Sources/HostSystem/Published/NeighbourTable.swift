internal import Files
internal import Glibc

/// Who was asked for on the links of this host by IPv4, as `/proc/net/arp` tells it.
struct NeighbourTable {
    /// Addresses for which nobody spoke up.
    let missing: Set<String>

    static func current() -> NeighbourTable {
        let content = try? Descriptor("/proc/net/arp", O_RDONLY).read(limit: 16 << 20)
        return NeighbourTable(String(decoding: content ?? [], as: UTF8.self))
    }

    /// `10.89.7.2 0x1 0x0 00:00:00:00:00:00 * fl-acme`: the third word is 0 until there is an answer.
    init(_ text: String) {
        let lines = text.split(separator: "\n").dropFirst().map { $0.split(whereSeparator: \.isWhitespace) }
        missing = Set(lines.filter { $0.count > 5 && $0[2] == "0x0" }.map { String($0[0]) })
    }
}
