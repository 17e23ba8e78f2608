internal import Model

extension PlanDraft {
    /// Control characters do not belong into names, paths and URLs: they would forge log lines and confuse tools.
    func checkTexts() { root.checkTexts(path: []) }
}

extension PlanCursor {
    /// `path`: where in a plan this value stands, or would stand.
    func checkTexts(path: [String]) {
        switch value {
        case .string(let text):
            check(text, path: path)
        case .array:
            for (index, element) in elements.enumerated() { element.checkTexts(path: path + ["\(index)"]) }
        case .object(let members):
            for name in members.keys.sorted() {
                guard let member = self[name] else { continue }
                if let found = Self.controlCharacter(in: name, linesAllowed: false) {
                    member.error("a name contains the control character \(found)", hint: "remove it")
                }
                member.checkTexts(path: path + [name])
            }
        default: break
        }
    }

    private func check(_ text: String, path: [String]) {
        if let found = Self.controlCharacter(in: text, linesAllowed: Self.isProse(path)) {
            error("contains the control character \(found)", hint: "remove it")
        }
        if text.utf8.count > Self.longestText {
            error("is longer than 128 KiB", hint: "put it into a file below 'files/' and mount that")
        }
    }

    /// The kernel's limit for one argument or environment variable: a container with a longer one does not start.
    private static let longestText = 131_071

    /// Certificates come in environment variables, scripts in commands: both have lines.
    private static func isProse(_ path: [String]) -> Bool {
        guard path.count >= 4 else { return path.first == "variables" }
        switch path[0] {
        case "containers": return ["environment", "command", "entrypoint", "health", "liveness"].contains(path[2])
        case "sizes": return path.count >= 6 && isProse(Array(path.dropFirst(2)))
        default: return false
        }
    }

    private static func controlCharacter(in text: String, linesAllowed: Bool) -> String? {
        let found = text.unicodeScalars.first {
            $0.properties.generalCategory == .control && !(linesAllowed && ($0 == "\n" || $0 == "\t"))
        }
        return found.map { scalar in
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }
    }
}
