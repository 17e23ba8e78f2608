/// Who signed a commit, by the host's own list of signers; what a commit says of its author is anybody's text.
public struct CommitSigner: Codable, Hashable, Sendable {
    /// As the list names them: `ada@example.com`; of a PGP key, the user id that the keyring has.
    public var name: String
    /// The fingerprint of the key: `SHA256:…` of ssh, 40 hexadecimal digits of PGP.
    public var key: String

    public init(name: String, key: String) {
        self.name = name
        self.key = key
    }

    /// The first of each person: neither a person with two keys nor a key with two names counts twice.
    static func distinct(_ signers: [Self]) -> [Self] {
        var (names, keys): (Set<String>, Set<String>) = ([], [])
        return signers.filter { signer in
            guard !names.contains(signer.person), !keys.contains(signer.key) else { return false }
            names.insert(signer.person)
            keys.insert(signer.key)
            return true
        }
    }
}
