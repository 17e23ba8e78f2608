internal import FoundationEssentials

/// A signature file of `ssh-keygen -Y sign`.
enum SSHSignature {
    /// The key that it claims to be made with, as the line of a `.pub` file: to be shown, never to be trusted.
    static func publicKey(of signature: [UInt8]) -> String? {
        let lines = String(decoding: signature, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard let data = Data(base64Encoded: lines.filter { !$0.hasPrefix("-") }.joined()) else { return nil }
        // "SSHSIG", a version, then the key with its length before it, which begins with the name of its kind likewise.
        var rest = [UInt8](data).dropFirst(10)
        guard let key = string(&rest) else { return nil }
        var inner = key[...]
        guard let kind = string(&inner), kind.allSatisfy({ $0 > 32 && $0 < 127 }) else { return nil }
        return "\(String(decoding: kind, as: UTF8.self)) \(Data(key).base64EncodedString())"
    }

    private static func string(_ bytes: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard bytes.count >= 4 else { return nil }
        let count = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count - 4 >= count else { return nil }
        defer { bytes = bytes.dropFirst(4 + count) }
        return Array(bytes.dropFirst(4).prefix(count))
    }
}
