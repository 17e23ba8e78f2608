internal import Model

/// What the references of one host's plan stand for.
struct ReferenceScope {
    /// `version`, `stack` and `host`, as far as the plan has them.
    let words: [String: String]
    var variables: [String: String] = [:]

    enum Meaning: Hashable {
        case value(String)
        case secret(String)
        case unknown(hint: String)
    }

    func meaning(of reference: String) -> Meaning {
        if let word = words[reference] { return .value(word) }
        let parts = reference.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts.first, parts.count) {
        case ("variable", 2): return variables[parts[1]].map { .value($0) } ?? .unknown(hint: hint(variable: parts[1]))
        case ("secret", 2) where Self.isSecretName(parts[1]): return .secret(parts[1])
        case ("secret", 2): return .unknown(hint: "a secret's name has letters, digits, '.', '_' and '-' only")
        default: return .unknown(hint: hint(reference))
        }
    }

    static func isSecretName(_ name: String) -> Bool { name.wholeMatch(of: /[A-Za-z0-9._-]+/) != nil }

    private func hint(variable name: String) -> String {
        guard let closest = Suggestion.closest(to: name, among: variables.keys) else {
            return variables.isEmpty
                ? "the plan has no variables; define it in 'variables'"
                : "the variables are \(variables.keys.quotedList); define it in 'variables'"
        }
        return "did you mean '${variable:\(closest)}'?"
    }

    private func hint(_ reference: String) -> String {
        if variables[reference] != nil { return "write '${variable:\(reference)}'" }
        let parts = reference.split(separator: ":", maxSplits: 1).map(String.init)
        if parts.count == 2, let kind = Suggestion.closest(to: parts[0], among: ["variable", "secret"]) {
            return "did you mean '${\(kind):\(parts[1])}'?"
        }
        let known = ["version", "stack", "host"] + variables.keys.sorted().map { "variable:\($0)" }
        if let closest = Suggestion.closest(to: reference, among: known) { return "did you mean '${\(closest)}'?" }
        return "write ${version}, ${stack}, ${host}, ${variable:NAME} or ${secret:NAME}; '$${' is a literal '${'"
    }
}
