internal import Model

/// Replaces the references in every text of a merged plan.
///
/// Where secrets are allowed, the result is the source of a `SecretText`: references to secrets and escapes stay.
struct ReferenceSubstitution {
    let scope: ReferenceScope
    let log: ProblemLog
    /// In bytes, of all values that references were replaced with: a small file must not become gigabytes.
    private var remaining = 16 << 20

    init(scope: ReferenceScope, log: ProblemLog) {
        self.scope = scope
        self.log = log
    }

    mutating func applied(to plan: JSONValue) -> JSONValue {
        guard case .object(var members) = plan else { return plan }
        for name in ["stack", "version", "size"] { refuseReferences(in: members[name], at: "/\(name)") }
        for (key, value) in members.sorted(by: { $0.key < $1.key }) where !Self.untouched.contains(key) {
            members[key] = applied(to: value, path: [key])
        }
        return .object(members)
    }

    private static let untouched: Set<String> = [
        "$schema", "schemaVersion", "stack", "version", "size", "sizes", "variables",
    ]

    private mutating func applied(to value: JSONValue, path: [String]) -> JSONValue {
        switch value {
        case .string(let text): return .string(replaced(text, path: path))
        case .array(var elements):
            for index in elements.indices {
                elements[index] = applied(to: elements[index], path: path + ["\(index)"])
            }
            return .array(elements)
        case .object(var members):
            for (key, value) in members { members[key] = applied(to: value, path: path + [key]) }
            return .object(members)
        default: return value
        }
    }

    private mutating func replaced(_ text: String, path: [String]) -> String {
        let pointer = path.reduce("") { JSONPointer.child($1, of: $0) }
        let allowed = SecretPlaces.plan.contain(path)
        let reference = ReferenceText(text)
        guard reference.hasReferences || text.contains("$${") else { return text }
        var result = SecretSource()
        for piece in reference.pieces { add(piece, to: &result, secretsAllowed: allowed, pointer: pointer) }
        if allowed && result.isAmbiguous {
            log.error(
                "a '$' stands directly before a reference to a secret", at: pointer,
                hint: "put another character between them, or make the '$' part of the secret")
        }
        let whole = allowed ? result.source : result.plain
        refuseAmbiguity(of: whole, at: pointer)
        return whole
    }

    /// Two texts in one form need not give one: parts of a Korean letter become another one beside each other.
    private func refuseAmbiguity(of text: String, at pointer: String) {
        guard let scalar = text.ambiguousScalar else { return }
        log.error(
            "'\(text.showing(scalar))' can be taken for another text, once its references are replaced", at: pointer,
            hint: Unicode.Scalar.ambiguityHint)
    }

    private mutating func add(
        _ piece: ReferenceText.Piece, to result: inout SecretSource, secretsAllowed: Bool, pointer: String
    ) {
        switch piece {
        case .text(let text): result.add(text: text)
        case .unclosed: log.refuseUnclosedReference(at: pointer)
        case .reference(let name):
            switch scope.meaning(of: name) {
            case .value(let value): result.add(text: affordable(value, at: pointer))
            case .secret(let secret) where secretsAllowed: result.add(secret: secret)
            case .secret: log.refuseSecret(name, at: pointer)
            case .unknown(let hint): log.refuseReference("unknown reference '${\(name)}'", at: pointer, hint: hint)
            }
        }
    }

    private mutating func affordable(_ value: String, at pointer: String) -> String {
        let before = remaining
        remaining -= value.utf8.count
        if before >= 0 && remaining < 0 {
            log.error(
                "the plan grows beyond all measure when its references are replaced", at: pointer,
                hint: "shorten the variables")
        }
        return remaining < 0 ? "" : value
    }

    private func refuseReferences(in value: JSONValue?, at pointer: String) {
        guard let text = value?.string, text.contains("${") else { return }
        log.error("references are not allowed here: '\(text)'", at: pointer, hint: "write the value itself")
    }
}

/// A text that is being put together, for places with and without secrets.
private struct SecretSource {
    /// Without escapes; references to secrets are left out.
    private(set) var plain = ""
    /// A literal `$` ran into a reference, which would read as an escape.
    private(set) var isAmbiguous = false
    private var closed = ""
    /// Since the last reference; escaped as a whole, because `${` may come together from two pieces.
    private var literal = ""

    /// As a `SecretText` keeps it.
    var source: String { closed + escapedLiteral }

    mutating func add(text: String) {
        plain += text
        literal += text
    }

    mutating func add(secret: String) {
        isAmbiguous = isAmbiguous || literal.hasSuffix("$")
        closed += escapedLiteral + "${secret:\(secret)}"
        literal = ""
    }

    private var escapedLiteral: String { literal.replacing("${", with: "$${") }
}
