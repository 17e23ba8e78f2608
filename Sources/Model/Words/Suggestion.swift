/// What somebody may have meant by a misspelt word.
public enum Suggestion {
    /// The candidate with the fewest typing errors (a letter missing, added, replaced, or two swapped; a letter in the
    /// wrong case counts half) if they are few for the length of the word; else one that the word abbreviates.
    public static func closest(to word: String, among candidates: some Sequence<String>) -> String? {
        let sorted = candidates.filter { $0 != word }.sorted()
        let near = sorted.compactMap { candidate in
            distance(from: word, to: candidate).map { (candidate: candidate, errors: $0) }
        }
        return near.min { $0.errors < $1.errors }?.candidate ?? sorted.first { abbreviates(word, $0) }
    }

    private static func abbreviates(_ word: String, _ candidate: String) -> Bool {
        let (word, candidate) = (word.lowercased(), candidate.lowercased())
        return word.count >= 3 && candidate.count >= 3 && (candidate.hasPrefix(word) || word.hasPrefix(candidate))
    }

    /// In half errors; `nil` beyond a third of the letters, or three errors.
    private static func distance(from word: String, to candidate: String) -> Int? {
        let (left, right) = (Array(word.unicodeScalars), Array(candidate.unicodeScalars))
        let limit = 2 * min(3, max(left.count, right.count) / 3) + 1
        guard 2 * abs(left.count - right.count) <= limit, left.count <= 100 else { return nil }
        let distance = alignment(left, right)
        return distance <= limit ? distance : nil
    }

    /// Damerau-Levenshtein distance (optimal string alignment) in half errors, row by row.
    private static func alignment(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var older: [Int] = []
        var previous = (0...right.count).map { $0 * 2 }
        for row in 1..<(left.count + 1) {
            var current = [row * 2]
            for column in 1..<(right.count + 1) {
                var cost = min(previous[column] + 2, current[column - 1] + 2)
                cost = min(cost, previous[column - 1] + replacement(left[row - 1], right[column - 1]))
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    cost = min(cost, older[column - 2] + 2)
                }
                current.append(cost)
            }
            (older, previous) = (previous, current)
        }
        return previous[right.count]
    }

    private static func replacement(_ left: Unicode.Scalar, _ right: Unicode.Scalar) -> Int {
        if left == right { return 0 }
        return left.properties.lowercaseMapping == right.properties.lowercaseMapping ? 1 : 2
    }
}
