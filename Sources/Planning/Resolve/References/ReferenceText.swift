/// A text of the plan, cut at its references: `${NAME}`; `$${` is a literal `${`.
struct ReferenceText {
    enum Piece: Hashable {
        /// Unescaped.
        case text(String)
        /// What stands between the braces.
        case reference(String)
        /// `${` without an end.
        case unclosed
    }

    let pieces: [Piece]

    init(_ source: String) {
        var pieces: [Piece] = []
        var rest = source[...]
        while let match = rest.firstMatch(of: /\$\$\{|\$\{(?<name>[^}]*)\}|\$\{/) {
            pieces.append(.text(String(rest[..<match.range.lowerBound])))
            if let name = match.output.name {
                pieces.append(.reference(String(name)))
            } else {
                pieces.append(match.output.0 == "$${" ? .text("${") : .unclosed)
            }
            rest = rest[match.range.upperBound...]
        }
        self.pieces = pieces + [.text(String(rest))]
    }

    var hasReferences: Bool { pieces.contains { if case .text = $0 { false } else { true } } }
}
