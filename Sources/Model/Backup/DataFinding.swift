/// One look at a data directory, beside what is remembered of it.
public struct DataFinding: Hashable, Sendable {
    public var condition: DataCondition
    /// `nil` where nothing lies there. Of a link: what it leads to, if that is a directory.
    public var found: DataMark?
    /// `nil` where nothing is remembered, as on a host that an older Fairlead deployed.
    public var known: DataMark?
    /// The plan says that its service empties it at times.
    public var mayBeEmpty: Bool

    public init(
        condition: DataCondition, found: DataMark? = nil, known: DataMark? = nil, mayBeEmpty: Bool = false
    ) {
        self.condition = condition
        self.found = found
        self.known = known
        self.mayBeEmpty = mayBeEmpty
    }

    /// `nil` where it is what it was, and where it cannot be told. One that a restore was cut off in has a mark of its own.
    public var change: DataChange? {
        if condition == .unreadable { return .unreadable }
        if condition == .blocked { return leadsElsewhere ? .replaced : .blocked }
        guard let known, condition != .unfinished else { return nil }
        guard let found else { return .missing }
        guard known.isSameDirectory(as: found) else { return .replaced }
        return known.held && !found.held && !mayBeEmpty ? .emptied : nil
    }

    /// A container that is started there works in another directory; a link to the own one is wrong, and does no harm.
    private var leadsElsewhere: Bool {
        guard let known, let found else { return false }
        return !known.isSameDirectory(as: found)
    }
}
