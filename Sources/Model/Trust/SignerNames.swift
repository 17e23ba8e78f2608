/// Whom a list of signers names.
public enum SignerNames {
    /// Of a file as ssh-keygen has it; `nil` where a name is a pattern, so that anybody may be meant.
    public static func persons(inAllowedSigners text: String) -> Set<String>? {
        var persons: Set<String> = []
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.drop(while: \.isWhitespace)
            guard let first = line.first, first != "#" else { continue }
            let field = first == "\"" ? line.dropFirst().prefix { $0 != "\"" } : line.prefix { !$0.isWhitespace }
            for name in field.split(separator: ",") {
                guard !name.contains(where: { "*?!".contains($0) }) else { return nil }
                persons.insert(CommitSigner.person(String(name)))
            }
        }
        return persons
    }
}

extension ChangeRule {
    /// `'/backup': 2 persons of ada@example.com, grace@example.com`.
    public var summary: String {
        let count = needed == 1 ? "1 person" : "\(needed) persons"
        return "\(words): \(count) of \(persons?.joined(separator: ", ") ?? "everybody on the list of signers")"
    }

    /// Why it can never be met; `nil` when it can. `listed`: whom the list of signers names, where that is known.
    public func fault(listed: Set<String>?) -> String? {
        let strangers = listed.map { listed in (persons ?? []).filter { !listed.contains($0) } } ?? []
        guard let possible = persons.map({ $0.count - strangers.count }) ?? listed?.count, possible < needed else {
            return nil
        }
        let missing = strangers.isEmpty ? "" : " (\(strangers.joined(separator: ", ")) is not on the list)"
        return "it can never be met: only \(possible) of the \(needed) that it wants may sign\(missing)"
    }
}
