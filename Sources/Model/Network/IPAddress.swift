internal import Glibc

/// An IPv4 or IPv6 address, as its bytes in network order.
package struct IPAddress: Hashable, Sendable {
    let bytes: [UInt8]

    package init?(_ text: String) {
        // A NUL would end the text early for the C function.
        guard !text.hasControlCharacters else { return nil }
        guard let bytes = Self.parse(text, AF_INET, 4) ?? Self.parse(text, AF_INET6, 16) else { return nil }
        self.bytes = bytes
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    package var isEvery: Bool { bytes.allSatisfy { $0 == 0 } }

    /// With every bit behind the first `length` bits cleared.
    func masked(_ length: Int) -> IPAddress {
        IPAddress(
            bytes: bytes.enumerated().map { index, byte in
                let kept = min(max(length - index * 8, 0), 8)
                return byte & ~UInt8(truncatingIfNeeded: 0xFF >> kept)
            })
    }

    /// The one that is `steps` further.
    func advanced(by steps: Int) -> IPAddress {
        var bytes = bytes
        var rest = steps
        for index in bytes.indices.reversed() where rest > 0 {
            rest += Int(bytes[index])
            bytes[index] = UInt8(truncatingIfNeeded: rest)
            rest >>= 8
        }
        return IPAddress(bytes: bytes)
    }

    private static func parse(_ text: String, _ family: Int32, _ length: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: length)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}

extension IPAddress: CustomStringConvertible {
    package var description: String {
        var text = [CChar](repeating: 0, count: 64)
        guard inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count)) != nil else {
            return ""
        }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
