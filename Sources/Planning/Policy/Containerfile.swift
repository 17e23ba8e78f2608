/// What a `Containerfile` takes from images that it does not make itself.
struct Containerfile {
    /// Names of images as they are written, in order, each once: what `FROM`, `--from=` and `from=` of a mount name.
    let bases: [String]

    init(_ text: String) {
        var reading = Reading()
        for instruction in Self.instructions(text) { reading.read(instruction) }
        bases = reading.bases
    }

    /// Lines that a mark at their end goes on with are one; comments are none, also in between.
    private static func instructions(_ text: String) -> [[Substring]] {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let directive = lines.first?.firstMatch(of: /^\s*#\s*escape\s*=\s*`\s*$/.ignoresCase())
        let mark: Character = directive == nil ? "\\" : "`"
        var found: [[Substring]] = []
        var words: [Substring] = []
        var goesOn = false
        for line in lines where !line.trimmingPrefix(while: \.isWhitespace).hasPrefix("#") {
            let parts = line.split(whereSeparator: \.isWhitespace)
            guard goesOn || !parts.isEmpty else { continue }
            let isOpen = parts.last?.hasSuffix(String(mark)) == true
            // A word may go on in the next line.
            let joins = goesOn && !words.isEmpty && line.first?.isWhitespace == false && !Self.endsInSpace(words)
            let added = isOpen ? parts.dropLast() + [parts.last?.dropLast() ?? ""] : parts[...]
            if joins, let last = words.popLast(), let first = added.first {
                words.append(Substring(last + first))
                words += added.dropFirst()
            } else {
                words += added
            }
            goesOn = isOpen
            if !isOpen {
                found.append(words.filter { !$0.isEmpty })
                words = []
            }
        }
        return (found + [words.filter { !$0.isEmpty }]).filter { !$0.isEmpty }
    }

    /// The mark stood alone.
    private static func endsInSpace(_ words: [Substring]) -> Bool { words.last?.isEmpty == true }

    private struct Reading {
        private(set) var bases: [String] = []
        private var stages: Set<String> = []

        mutating func read(_ words: [Substring]) {
            switch words.first?.uppercased() {
            case "FROM": readStage(words.dropFirst().filter { !$0.hasPrefix("--") }.map(String.init))
            case "COPY", "ADD":
                for word in words where word.hasPrefix("--from=") { take(String(word.dropFirst(7))) }
            case "RUN":
                for word in words where word.hasPrefix("--mount=") {
                    for part in word.dropFirst(8).split(separator: ",") where part.hasPrefix("from=") {
                        take(String(part.dropFirst(5)))
                    }
                }
            default: break
            }
        }

        private mutating func readStage(_ words: [String]) {
            if let image = words.first, image != "scratch" { take(image) }
            if words.count == 3, words[1].lowercased() == "as" { stages.insert(words[2].lowercased()) }
        }

        private mutating func take(_ quoted: String) {
            let name = quoted.filter { $0 != "\"" && $0 != "'" }
            let isOwn = Int(name) != nil || stages.contains(name.lowercased())
            if !isOwn, !bases.contains(name) { bases.append(name) }
        }
    }
}
