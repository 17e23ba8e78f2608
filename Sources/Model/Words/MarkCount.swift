/// The marks on one letter, counted while a text is read scalar by scalar.
struct MarkCount {
    /// The limit of Unicode's Stream-Safe Text Format (UAX 15): no language has so many marks on one letter, and to put more in
    /// order takes Swift time by their square.
    private static let most = 30

    private var marks = 0

    /// Whether `scalar`, which comes next, is a mark too many.
    mutating func isExceeded(by scalar: Unicode.Scalar) -> Bool {
        marks = scalar.properties.canonicalCombiningClass == .notReordered ? 0 : marks + 1
        return marks > Self.most
    }
}

extension String {
    /// Its first `limit` scalars; `…` stands for the others, and for the marks on one letter after the thirtieth.
    public func cut(to limit: Int) -> String {
        var (kept, count, marks) = (String.UnicodeScalarView(), 0, MarkCount())
        for scalar in unicodeScalars {
            let isLeftOut = marks.isExceeded(by: scalar) || count == limit
            guard !(isLeftOut && kept.last == "…") else { continue }
            kept.append(isLeftOut ? "…" : scalar)
            if count == limit { break }
            count += 1
        }
        return String(kept)
    }
}
