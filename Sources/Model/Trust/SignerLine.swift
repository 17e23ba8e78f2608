/// What a line of a list of signers, as ssh-keygen has it, says of persons.
struct SignerLine {
    let names: [String]
    /// It is of whoever has a certificate by its key.
    let isAuthority: Bool
    /// Its kind and itself.
    let key: String

    /// `nil` for a line that names nobody.
    init?(_ line: Substring) {
        var rest = line.drop(while: AllowedSigners.isBlank)
        guard let first = rest.first, first != "#", let word = AllowedSigners.takeWord(&rest) else { return nil }
        names = word.filter { $0 != "\"" }.split(separator: ",").map(String.init)
        var options: Substring = ""
        if !SignerKeyText.isKind(rest.prefix { !AllowedSigners.isBlank($0) }) {
            guard let word = AllowedSigners.takeWord(&rest) else { return nil }
            options = word
        }
        isAuthority = SignerOptions.parts(of: options).contains { $0.lowercased() == "cert-authority" }
        let words = rest.split(whereSeparator: AllowedSigners.isBlank)
        guard words.count > 1 else { return nil }
        key = "\(words[0]) \(words[1])"
    }

    var hasPattern: Bool { names.contains { $0.contains { "*?!".contains($0) } } }

    /// Why nobody can say how many persons it stands for, or which; `nil` for one name with one key.
    var crowd: String? {
        if isAuthority { return "it is a certificate authority: whoever issues its certificates says who is who" }
        if hasPattern { return "it has a pattern, which counts as one person, beside those whom it means" }
        return names.count > 1
            ? "its names count as one person, with whoever else has one of them, and rules know the first only" : nil
    }
}

extension SignerNames {
    /// As they stand there, in their order; patterns too.
    public static func listed(inAllowedSigners text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).compactMap(SignerLine.init).flatMap(\.names)
    }

    /// Those who have the same key, or a line in common, as one of `names`, and so on, beside those: all of them are one person.
    public static func aliases(of name: String, named names: [String], inAllowedSigners text: String) -> [String] {
        // What an authority's line names are different persons.
        let lines = text.split(whereSeparator: \.isNewline).compactMap(SignerLine.init).filter { !$0.isAuthority }
        var (persons, keys) = (Set(names.map(CommitSigner.person)), Set<String>())
        var before = 0
        while before < persons.count + keys.count {
            before = persons.count + keys.count
            for line in lines {
                let named = Set(line.names.map(CommitSigner.person))
                guard keys.contains(line.key) || !named.isDisjoint(with: persons) else { continue }
                persons.formUnion(named)
                keys.insert(line.key)
            }
        }
        return persons.subtracting([CommitSigner.person(name)]).sorted()
    }
}
