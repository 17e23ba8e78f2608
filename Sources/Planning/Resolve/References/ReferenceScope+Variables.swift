internal import Model

extension ReferenceScope {
    /// Of a merged plan. Its variables may use `${version}`, `${stack}` and `${host}`, so they cannot form cycles.
    init(plan: JSONValue, host: String, log: ProblemLog) {
        var words = ["host": host]
        for name in ["version", "stack"] { words[name] = plan[name]?.string }
        self.init(words: words)
        guard case .object(let members) = plan["variables"] else { return }
        let bare = self
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            guard let text = value.string else { continue }
            variables[name] = ReferenceText(text).pieces
                .reduce("") { $0 + bare.value(of: $1, variable: name, log: log) }
        }
    }

    private func value(of piece: ReferenceText.Piece, variable: String, log: ProblemLog) -> String {
        let pointer = JSONPointer.child(variable, of: "/variables")
        switch piece {
        case .text(let text): return text
        case .unclosed: log.refuseUnclosedReference(at: pointer)
        case .reference(let name):
            switch meaning(of: name) {
            case .value(let value): return value
            case .secret: log.refuseSecret(name, at: pointer)
            case .unknown:
                log.error(
                    "variable '\(variable)' refers to '${\(name)}'", at: pointer,
                    hint: "a variable may use ${version}, ${stack} and ${host} only")
            }
        }
        return ""
    }
}
