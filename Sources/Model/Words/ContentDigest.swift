internal import Crypto

/// SHA-256 over framed parts: every part is preceded by its length, so that moved boundaries change the digest.
public struct ContentDigest {
    private var hash = SHA256()

    public init() {}

    public mutating func add(_ part: some Sequence<UInt8>) {
        let bytes = Array(part)
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { hash.update(bufferPointer: $0) }
        hash.update(data: bytes)
    }

    public mutating func add(_ text: String) { add(text.utf8) }

    /// 64 hexadecimal digits.
    public var hex: String { Self.hex(hash.finalize()) }

    /// Of `bytes` alone, without a frame.
    public static func hex(of bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

    private static func hex(_ digest: SHA256Digest) -> String {
        digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
