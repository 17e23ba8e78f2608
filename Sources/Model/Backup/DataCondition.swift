/// What lies in a data directory.
public enum DataCondition: String, Hashable, Sendable {
    case missing, empty
    /// A restore was begun and not ended: what is in it is nobody's data.
    case unfinished
    case filled
    /// Something else than a directory lies there: a link, wherever it leads, or a file.
    case blocked
    /// It cannot be looked at: its disk fails, or what is mounted there does not answer.
    case unreadable

    /// Whether something lies there that nothing else may take the place of.
    public var isTaken: Bool { self == .filled || !isSeen }
    /// Whether a directory that is missing would be seen to be.
    public var isSeen: Bool { self != .blocked && self != .unreadable }
}
