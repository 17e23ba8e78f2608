/// The tags of a server whose names begin with one text.
struct TagNames {
    /// More are not looked at: each costs the run of a program.
    static let most = 32
    private static let beginning = "refs/tags/"

    /// Ends with `/`.
    let prefix: String
    /// Whose names may follow it in the tags that are looked at first: else whoever pushes tags, with no key at all, could keep
    /// those of signers from being looked at.
    var listed: Set<String> = []

    /// By what follows `refs/tags/`; those named after somebody listed, then the first of the others by name. `count`: how many
    /// there are.
    func among<ID>(_ references: [String: ID]) -> (found: [String: ID], count: Int) {
        let wanted = references.keys.filter(isWanted).sorted()
        let first = wanted.filter(isListed)
        var found: [String: ID] = [:]
        for name in (first + wanted.filter { !isListed($0) }).prefix(Self.most) {
            found[String(name.dropFirst(Self.beginning.count))] = references[name]
        }
        return (found, wanted.count)
    }

    /// Letter by letter: a name can be written in capitals in more ways than are looked at.
    private func isListed(_ name: String) -> Bool {
        listed.contains(String(name.dropFirst(Self.beginning.count + prefix.count)))
    }

    /// What follows the prefix is one part, of characters that mean nothing to git.
    private func isWanted(_ name: String) -> Bool {
        guard name.hasPrefix(Self.beginning + prefix) else { return false }
        let rest = name.dropFirst(Self.beginning.count + prefix.count)
        guard (1...200).contains(rest.utf8.count), rest.first != ".", rest.last != ".", !rest.contains(".."),
            !rest.hasSuffix(".lock")
        else { return false }
        return rest.utf8.allSatisfy { byte in
            let scalar = Unicode.Scalar(byte)
            return scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                || "._@+-".unicodeScalars.contains(scalar)
        }
    }
}
