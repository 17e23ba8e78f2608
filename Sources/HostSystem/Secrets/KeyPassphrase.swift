internal import Files
internal import FoundationEssentials
internal import Glibc

/// Private keys that ask for a passphrase, which nobody is there to type when secrets are opened.
public enum KeyPassphrase {
    /// Whether the key at `path` is encrypted: one of OpenSSH, in PEM, or an age identity that age itself encrypted. `false`
    /// where it cannot be read or is something else.
    public static func protects(_ path: String) -> Bool {
        guard let bytes = try? Descriptor(path, O_RDONLY).read(limit: 1 << 16) else { return false }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
        switch lines.first {
        case "age-encryption.org/v1", "-----BEGIN AGE ENCRYPTED FILE-----", "-----BEGIN ENCRYPTED PRIVATE KEY-----":
            return true
        case "-----BEGIN OPENSSH PRIVATE KEY-----":
            return cipher(of: lines.dropFirst().prefix { !$0.hasPrefix("-----") }.joined()) != "none"
        default:
            return lines.contains { $0.hasPrefix("Proc-Type:") && $0.contains("ENCRYPTED") }
        }
    }

    /// Its name stands behind the magic word, after its length in four bytes.
    private static func cipher(of text: String) -> String? {
        let magic = Array("openssh-key-v1\0".utf8)
        guard let key = Data(base64Encoded: text), key.starts(with: magic) else { return nil }
        let rest = key.dropFirst(magic.count)
        let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard length < 64 else { return nil }
        return String(decoding: rest.dropFirst(4).prefix(length), as: UTF8.self)
    }
}
