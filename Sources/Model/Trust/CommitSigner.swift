/// Who signed a commit, by the host's own list of signers; what a commit says of its author is anybody's text.
public struct CommitSigner: Codable, Hashable, Sendable {
    /// As the list names them: `ada@example.com`; of a PGP key, the user id that the keyring has.
    public var name: String
    /// The fingerprint of the key: `SHA256:…` of ssh, 40 hexadecimal digits of PGP.
    public var key: String

    /// The other names that the list has for whoever has the key; `nil`: none. Nobody may more by them: they only show that two
    /// signers are one person.
    public var aliases: [String]?

    public init(name: String, key: String, aliases: [String] = []) {
        self.name = name
        self.key = key
        self.aliases = aliases.isEmpty ? nil : aliases
    }

    /// The first of each person.
    static func distinct(_ signers: [Self]) -> [Self] { persons(signers).compactMap(\.first) }

    /// The signers that are one person, in their order: neither one with two keys or names nor a key with two names counts twice.
    package static func persons(_ signers: [Self]) -> [[Self]] {
        var persons: [[Self]] = []
        for signer in signers {
            // More than one, where this signer shows that they are the same.
            let same = persons.indices.filter { persons[$0].contains(where: signer.isOne) }
            let joined = same.flatMap { persons[$0] } + [signer]
            for index in same.reversed() { persons.remove(at: index) }
            persons.insert(joined, at: same.first ?? persons.endIndex)
        }
        return persons
    }

    private func isOne(with other: Self) -> Bool { key == other.key || !names.isDisjoint(with: other.names) }

    private var names: Set<String> { Set(([name] + (aliases ?? [])).map(Self.person)) }
}

extension CommitSigner {
    /// Whom the name stands for, however many keys they have: of a PGP user id its address.
    public var person: String { Self.person(name) }

    static func person(_ name: String) -> String {
        guard name.hasSuffix(">"), let begin = name.lastIndex(of: "<") else { return name.lowercased() }
        return name[name.index(after: begin)...].dropLast().lowercased()
    }
}
