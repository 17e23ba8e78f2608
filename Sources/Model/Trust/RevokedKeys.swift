internal import FoundationEssentials

/// A file of keys that do not count any more, as ssh-keygen reads it: a KRL, or public keys, one a line. With a line of
/// another form it takes every key for a revoked one.
public struct RevokedKeys: Sendable {
    /// Where it is not what it has to be; one without a line is of the whole file.
    public struct Fault: Hashable, Sendable {
        /// From 1.
        public let line: Int?
        /// Lower case, one line; never holds what stands there.
        public let reason: String
    }

    public let faults: [Fault]

    /// For people: what the file holds.
    public static let form = "one public key a line, as 'ssh-ed25519 AAAA…', or the file that 'ssh-keygen -k' makes"

    public init(_ bytes: [UInt8]) {
        if bytes.starts(with: KeyRevocationList.magic) {
            faults = KeyRevocationList.isWhole(bytes) ? [] : [Fault(line: nil, reason: "it is cut off or damaged")]
            return
        }
        faults = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
            .compactMap { index, line in
                let text = String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
                return Self.fault(of: text[...]).map { Fault(line: index + 1, reason: $0) }
            }
    }

    /// `nil` for a key, and for a line that is empty or a comment.
    private static func fault(of line: Substring) -> String? {
        let line = line.drop(while: AllowedSigners.isBlank)
        // ssh-keygen takes what stands behind the first key of a line for a remark, and so for no key.
        guard !line.contains(where: \.isNewline) else {
            return "it ends lines with something else than line feeds, so that only its first key would count"
        }
        guard let first = line.first, first != "#" else { return nil }
        let kind = line.prefix { !AllowedSigners.isBlank($0) }
        if SignerKeyText.isKind(kind) { return SignerKeyText.fault(of: line) }
        if kind.hasSuffix("-cert-v01@openssh.com") { return nil }
        if kind.hasPrefix("SHA256:") || kind.hasPrefix("MD5:") {
            return "it is a fingerprint, where the public key itself has to stand"
        }
        if kind.hasPrefix("-----BEGIN") { return "it begins a key of another form" }
        if line.split(whereSeparator: AllowedSigners.isBlank).contains(where: SignerKeyText.isKind) {
            return "it has more before the key, as a line of allowed signers has: only the key may stand there"
        }
        return "it has no public key"
    }
}

/// What `ssh-keygen -k` makes (PROTOCOL.krl of OpenSSH).
private enum KeyRevocationList {
    static let magic = Array("SSHKRL\n\0".utf8)
    /// Magic, version, number, time and flags.
    private static let head = 8 + 4 + 8 + 8 + 8
    private static let signature: UInt8 = 4

    /// Whether it ends where its last section ends.
    static func isWhole(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= head else { return false }
        var rest = bytes[head...]
        guard takeString(&rest), takeString(&rest) else { return false }
        while let section = rest.popFirst() {
            guard takeString(&rest) else { return false }
            if section == signature, !takeString(&rest) { return false }
        }
        return true
    }

    private static func takeString(_ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.count >= 4 else { return false }
        let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(4)
        guard length <= rest.count else { return false }
        rest = rest.dropFirst(length)
        return true
    }
}
