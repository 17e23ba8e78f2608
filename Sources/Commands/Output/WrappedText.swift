/// Text for people, broken at words to lines of a width.
struct WrappedText {
    /// Below this, broken lines are harder to read than those that a terminal breaks itself.
    private static let leastRoom = 20

    /// Of the screen; `nil`: one line, as for a pipe.
    let columns: Int?

    /// The first line without, the others with `indent` spaces before them; all fit behind so many.
    func lines(_ text: String, indent: Int) -> [String] {
        guard let columns, columns - indent >= Self.leastRoom else { return [text] }
        var lines: [String] = []
        var line = ""
        var width = 0
        for (index, word) in text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
            let more = Self.width(word)
            if index > 0, width + 1 + more > columns - indent {
                lines.append(line)
                (line, width) = (String(word), more)
            } else {
                line += (index == 0 ? "" : " ") + word
                width += (index == 0 ? 0 : 1) + more
            }
        }
        lines.append(line)
        let margin = String(repeating: " ", count: indent)
        return lines.enumerated().map { $0 == 0 ? $1 : margin + $1 }
    }

    /// As it is seen: colours take no room.
    static func width(_ word: some StringProtocol) -> Int {
        var count = 0
        var isEscape = false
        for character in word {
            if character == "\u{1B}" { isEscape = true }
            if !isEscape { count += 1 }
            if character == "m" { isEscape = false }
        }
        return count
    }
}
