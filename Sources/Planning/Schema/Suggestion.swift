/// What somebody may have meant by a misspelt word.
public enum Suggestion {
    /// The candidate with the fewest typing errors (a letter missing, added, replaced, or two swapped; upper and lower
    /// case count as half of one), if they are few for the length of the word.
    public static func closest(to word: String, among candidates: some Sequence<String>) -> String? { nil }
}
