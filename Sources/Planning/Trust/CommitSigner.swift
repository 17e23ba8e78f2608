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
}
