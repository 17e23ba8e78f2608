/// A `Containerfile` cut into its instructions: without comments, continued lines joined, here-documents left out.
struct ContainerfileLines {
    private(set) var instructions: [String] = []
    private var open = ""
    private let escape: Character

    init(_ text: String) {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(Self.trimmed)
        escape = Self.escape(in: lines)
        var rest = lines[...]
        while let line = rest.popFirst() {
            guard add(line) else { continue }
            for word in Self.documents(in: instructions.last ?? "") {
                // What is not closed was none: `1<<n`.
                let end = rest.firstIndex { $0.trimmingPrefix(while: \.isWhitespace) == word }
                if let end { rest = rest[(end + 1)...] }
            }
        }
        close()
    }

    /// Returns whether an instruction ended with it.
    private mutating func add(_ line: String) -> Bool {
        // A comment, or nothing, does not end an instruction that goes on.
        let isComment = line.trimmingPrefix(while: \.isWhitespace).hasPrefix("#")
        guard !line.isEmpty, !isComment else { return false }
        guard line.last == escape else {
            open += line
            return close()
        }
        // A word may go on in the next line.
        open += line.dropLast()
        return false
    }

    @discardableResult
    private mutating func close() -> Bool {
        guard !open.isEmpty else { return false }
        instructions.append(open)
        open = ""
        return true
    }

    /// White space at the end is none of the line; at its beginning it may part two words.
    private static func trimmed(_ line: Substring) -> String {
        String(line.dropLast(line.reversed().prefix(while: \.isWhitespace).count))
    }

    /// `# escape=` counts in the first lines only.
    private static func escape(in lines: [String]) -> Character {
        for line in lines.prefix(while: { $0.hasPrefix("#") }) {
            if let match = line.lowercased().wholeMatch(of: #/#\s*escape\s*=\s*(?<character>[\\`])/#) {
                return match.output.character.first ?? "\\"
            }
        }
        return "\\"
    }

    /// The words that end the here-documents of an instruction, in their order.
    private static func documents(in instruction: String) -> [String] {
        let first = instruction.split(whereSeparator: \.isWhitespace).first?.uppercased()
        guard ["RUN", "COPY", "ADD"].contains(first) else { return [] }
        return instruction.matches(of: #/<<-?["']?(?<word>[A-Za-z_]\w*)["']?/#).map { String($0.output.word) }
    }
}
