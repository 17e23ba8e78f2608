extension Sequence<String> {
    /// `'a', 'b', 'c'`: all of them, in their order.
    package var quoted: String { map { "'\($0)'" }.joined(separator: ", ") }

    /// `'a', 'b', 'c'`: sorted, the first eight.
    package var quotedList: String {
        let sorted = sorted()
        let shown = sorted.prefix(8).quoted
        return sorted.count > 8 ? "\(shown) and \(sorted.count - 8) more" : shown
    }
}
