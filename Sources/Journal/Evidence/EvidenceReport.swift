public import Model

/// What the chain of the journal says of its rows.
public struct EvidenceReport: Hashable, Sendable {
    /// Entries that are kept.
    public var entries = 0
    /// Since when.
    public var since: Timestamp?
    public var head: JournalHead?
    /// What was changed by another program than fairlead: one line each, at most ``mostFaults``.
    public var faults: [String] = []
    /// Rows that were there when the head was taken that was kept elsewhere, and were changed since, the oldest change first. What
    /// may not be changed is a fault, too.
    public var changes: [EvidenceChange] = []

    /// More are not told one by one.
    public static let mostFaults = 50

    mutating func add(_ fault: String) {
        if faults.count < Self.mostFaults, !faults.contains(fault) { faults.append(fault) }
    }
}
