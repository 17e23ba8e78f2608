/// The lines of a `Containerfile` as builders cut it: at line feeds alone. What else Unicode calls the end of a line,
/// they take for a part of it, or for the space between two words.
struct ContainerfileText {
    typealias Line = ArraySlice<UInt8>

    /// Without what stands after a `\` that continues them.
    let lines: [Line]

    init(_ bytes: [UInt8]) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
        lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Self.ended)
    }

    /// Where each line stands, by its text without the space before it.
    var places: [String: [Int]] {
        var places: [String: [Int]] = [:]
        for (index, line) in lines.enumerated() where line.count <= 256 {
            places[String(decoding: line.withoutSpaceBefore, as: UTF8.self), default: []].append(index)
        }
        return places
    }

    private static func ended(_ line: Line) -> Line {
        var line = line
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        while let last = line.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") { line.removeLast() }
        return line
    }
}

extension ContainerfileText.Line {
    var isCommentOrEmpty: Bool {
        let rest = withoutSpaceBefore
        return rest.isEmpty || rest.first == UInt8(ascii: "#")
    }

    /// Here, and only here, builders know the spaces of Unicode.
    var withoutSpaceBefore: Self {
        var rest = self
        while let scalar = String(decoding: rest.prefix(4), as: UTF8.self).unicodeScalars.first,
            scalar.properties.isWhitespace
        {
            rest = rest.dropFirst(UTF8.width(scalar))
        }
        return rest
    }
}
