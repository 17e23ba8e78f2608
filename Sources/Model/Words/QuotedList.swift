extension Sequence<String> {
    /// `'a', 'b', 'c'`: sorted, the first eight.
    package var quotedList: String {
        let sorted = sorted()
        let shown = sorted.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
        return sorted.count > 8 ? "\(shown) and \(sorted.count - 8) more" : shown
    }
}
