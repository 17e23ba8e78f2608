/// What lies in a data directory.
public enum DataCondition: String, Hashable, Sendable {
    case missing, empty
    /// A restore was begun and not ended: what is in it is nobody's data.
    case unfinished
    case filled
}
