internal import GRDB
internal import Model

/// One change of one row, chained to the change before.
struct EvidenceEntry: Hashable {
    enum Event: String {
        case inserted, updated, deleted
        /// As it was when the chain began, or when older entries were dropped.
        case kept
        /// By another program than fairlead.
        case foreign
        /// Entries before the one that its key names were dropped, as they were old.
        case dropped
    }

    let id: Int64
    let time: Int64
    let source: String
    /// As it is written in texts.
    let key: String
    let event: String
    /// Of the row after the change; empty where it was gone.
    let content: String
    let previous: String
    let hash: String
    /// What of the row may not change any more, see ``FixedPart``; absent where all may, and in entries of older versions.
    let fixed: String?

    init(_ row: Row) throws {
        id = try row.decode(forColumn: "id")
        time = try row.decode(Int64?.self, forColumn: "time") ?? 0
        source = try row.decode(forColumn: "source")
        key = "\(row["key"] as DatabaseValue)"
        event = try row.decode(forColumn: "event")
        content = try row.decode(String?.self, forColumn: "content") ?? ""
        previous = try row.decode(String?.self, forColumn: "previous") ?? ""
        hash = try row.decode(String?.self, forColumn: "hash") ?? ""
        fixed = try row.decode(String?.self, forColumn: "fixed")
    }

    /// What its hash has to be.
    var expectedHash: String { Self.hash(id, time, source, key, event, content, previous, fixed) }

    /// Of the event, where it is one that this version knows.
    var kind: Event? { Event(rawValue: event) }

    static func hash(
        _ id: Int64, _ time: Int64, _ source: String, _ key: String, _ event: String, _ content: String,
        _ previous: String, _ fixed: String? = nil
    ) -> String {
        var digest = ContentDigest()
        for part in ["\(id)", "\(time)", source, key, event, content, previous] { digest.add(part) }
        // Entries of older versions have none, and keep the hash that they have.
        if let fixed { digest.add(fixed) }
        return digest.hex
    }
}
