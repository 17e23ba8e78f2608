/// How far a key of the plan reaches on a host: the word `x-reach` of its schema. Each contains the ones before.
public enum Reach: String, CaseIterable, Comparable, Sendable {
    /// The stack's own containers, data directories and backups.
    case container
    /// Whom the host itself talks to, or lets in.
    case network
    /// Files of the host beside those of the stack.
    case hostRead = "host-read"
    case hostWrite = "host-write"
    /// Whatever root can do.
    case root

    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? Self.allCases.count }
}
