/// A `Containerfile` cut into its instructions: without comments, continued lines joined.
struct ContainerfileLines {
    private(set) var instructions: [[UInt8]] = []
    private var open: [UInt8] = []
    private let escape: UInt8
    /// Made once: it takes longer than to use it.
    private let document = #/<<-?["']?(?<word>[A-Za-z_]\w*)["']?/#

    /// Builders that know no here-documents take the lines of one for instructions.
    init(_ text: ContainerfileText, leavingOutDocuments: Bool) {
        escape = Self.escape(in: text.lines)
        let ends = leavingOutDocuments ? text.places : [:]
        var index = 0
        while index < text.lines.count {
            let hasEnded = add(text.lines[index])
            index += 1
            guard leavingOutDocuments, hasEnded else { continue }
            for word in documents(in: instructions.last ?? []) {
                // What is not closed was none: `1<<n`.
                if let end = ends[word]?.first(from: index) { index = end + 1 }
            }
        }
        close()
    }

    /// Returns whether an instruction ended with it.
    private mutating func add(_ line: ContainerfileText.Line) -> Bool {
        // A comment, or nothing, does not end an instruction that goes on.
        guard !line.isCommentOrEmpty else { return false }
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
        open = []
        return true
    }

    /// `# escape=` counts in the first lines only.
    private static func escape(in lines: [ContainerfileText.Line]) -> UInt8 {
        for line in lines.prefix(while: { $0.first == UInt8(ascii: "#") }) {
            let text = String(decoding: line, as: UTF8.self).lowercased()
            if let match = text.prefixMatch(of: #/#\s*escape\s*=\s*(?<character>[\\`])/#) {
                return match.output.character.utf8.first ?? UInt8(ascii: "\\")
            }
        }
        return UInt8(ascii: "\\")
    }

    /// The words that end the here-documents of an instruction, in their order.
    private func documents(in instruction: [UInt8]) -> [String] {
        guard instruction.contains(UInt8(ascii: "<")) else { return [] }
        let words = ContainerfileWords(instruction[...])
        // One that is crowded is refused, whatever else it says.
        guard ["run", "copy", "add"].contains(words.keyword), !words.isCrowded else { return [] }
        let text = String(decoding: instruction, as: UTF8.self)
        return text.matches(of: document).map { String($0.output.word) }
    }
}

extension [Int] {
    /// The first that is not below `least`, of numbers that ascend.
    fileprivate func first(from least: Int) -> Int? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < least { low = middle + 1 } else { high = middle }
        }
        return low < count ? self[low] : nil
    }
}
