internal import FoundationEssentials

/// A line of a list of signers that a tag carries: one person and one key, in the form of ssh-keygen.
public struct SignerKey: Hashable, Sendable {
    /// Whose key it is.
    public let name: String
    /// Its kind and itself, without a comment.
    public let key: String
    /// It counts from some time on only, or until some time.
    public let isLimited: Bool

    /// `nil` unless it is one name, without patterns, and a key that may sign commits. ssh-keygen takes more, such as
    /// authorities and names with `*`: then nobody could say how many persons a list has.
    public init?(_ line: String) {
        let form =
            #/
            ([!-~]{1,200})\ +
            (?:((?:namespaces="git"|valid-(?:after|before)="[0-9]{8}(?:[0-9]{4}(?:[0-9]{2})?)?Z?")
            (?:,(?:namespaces="git"|valid-(?:after|before)="[0-9]{8}(?:[0-9]{4}(?:[0-9]{2})?)?Z?"))*)\ +)?
            (ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp256|ecdsa-sha2-nistp384|ecdsa-sha2-nistp521
            |sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com)\ +
            ([A-Za-z0-9+\/]{40,4000}={0,2})(?:\ .*)?
            /#
        guard line.utf8.count <= 8192, let match = line.wholeMatch(of: form) else { return nil }
        let (name, kind, blob) = (String(match.1), String(match.3), String(match.4))
        guard !name.contains(where: { "*?!,\"#".contains($0) }), Self.isKey(blob, of: kind) else { return nil }
        self.name = name
        key = "\(kind) \(blob)"
        isLimited = match.2?.contains("valid-") ?? false
    }

    /// The kind stands in the key again.
    private static func isKey(_ blob: String, of kind: String) -> Bool {
        guard let bytes = Data(base64Encoded: blob) else { return false }
        return bytes.starts(with: [0, 0, 0, UInt8(truncatingIfNeeded: kind.utf8.count)] + Array(kind.utf8))
    }

    /// The keys of a file of revoked ones; those of a KRL, which is no text, are not seen.
    public static func revoked(in text: String) -> Set<String> {
        Set(
            text.split(whereSeparator: \.isNewline).compactMap { line -> String? in
                let words = line.split(separator: " ")
                return words.count > 1 ? "\(words[0]) \(words[1])" : nil
            })
    }
}
