/// Where an entry that somebody kept elsewhere stands in the chain of a journal.
public enum HeadPlace: Hashable, Sendable {
    /// As it was.
    case contained
    /// The entry with its number is another one.
    case other
    /// The chain ends before it.
    case beyond(last: Int64)
    /// The chain begins after it, as entries are not kept for ever.
    case dropped(first: Int64)
}
