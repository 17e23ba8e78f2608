internal import Model

/// What gpgv says of one signature on its status lines. Its exit status is no answer: it is 0 for keys that have expired
/// or are revoked.
struct GPGStatus {
    private let lines: [[String]]

    init(_ text: String) {
        lines = text.split(whereSeparator: \.isNewline).compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            return words.first == "[GNUPG:]" ? Array(words.dropFirst()) : nil
        }
    }

    /// `revoked` are fingerprints that the host does not accept.
    func finding(revoked: Set<String>) -> SignatureFinding {
        guard all("NEWSIG").count == 1 else { return .refused("cannot be understood, or is more than one") }
        if first("BADSIG") != nil { return .refused("does not fit the commit, which was changed after it was signed") }
        if let missing = first("NO_PUBKEY")?.first {
            return .refused("is of key \(missing), which is no allowed signer's")
        }
        guard let valid = first("VALIDSIG"), let key = valid.first else { return .refused("cannot be understood") }
        // The last one is the primary key's.
        let fingerprints = Set([key, valid.last ?? key])
        let named = "is of key \(valid.last ?? key), which"
        if first("EXPSIG") != nil { return .refused("has expired") }
        if first("EXPKEYSIG") != nil { return .refused("\(named) is not valid any more") }
        if first("REVKEYSIG") != nil || !fingerprints.isDisjoint(with: revoked) {
            return .refused("\(named) is revoked")
        }
        guard let good = first("GOODSIG"), all("VALIDSIG").count == 1, first("ERRSIG") == nil else {
            return .refused("cannot be understood")
        }
        let name = ForeignText(good.dropFirst().joined(separator: " "), limit: 100).description
        return .signed(CommitSigner(name: name, key: valid.last ?? key))
    }

    /// One fingerprint a line, blanks within it left out; `nil` for a line that is none.
    static func fingerprints(_ text: String) -> Set<String>? {
        var found: Set<String> = []
        for line in text.split(whereSeparator: \.isNewline) {
            let digits = line.prefix { $0 != "#" }.filter { !$0.isWhitespace }.uppercased()
            guard !digits.isEmpty else { continue }
            guard [40, 64].contains(digits.count), digits.allSatisfy(\.isHexDigit) else { return nil }
            found.insert(digits)
        }
        return found
    }

    private func all(_ word: String) -> [[String]] {
        lines.filter { $0.first == word }.map { Array($0.dropFirst()) }
    }

    private func first(_ word: String) -> [String]? { all(word).first }
}
