/// The tags of a server whose names begin with one text.
struct TagNames {
    /// More are not looked at: each costs the run of a program.
    static let most = 32
    private static let beginning = "refs/tags/"

    /// Ends with `/`.
    let prefix: String

    /// By what follows `refs/tags/`; the first of them by name.
    func among<ID>(_ references: [String: ID]) -> [String: ID] {
        var found: [String: ID] = [:]
        for name in references.keys.filter(isWanted).sorted().prefix(Self.most) {
            found[String(name.dropFirst(Self.beginning.count))] = references[name]
        }
        return found
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
