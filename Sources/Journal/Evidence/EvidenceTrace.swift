public import Model

/// What the chain says of one row, up to an entry.
struct EvidenceTrace {
    /// The last that says something of it.
    private(set) var entry: EvidenceEntry
    /// By the last that says it.
    private(set) var fixed: FixedPart?
    /// When what is kept elsewhere was the newest entry, the row was there.
    private(set) var wasThere = false
    /// Since then.
    private(set) var changes = 0

    init(_ entry: EvidenceEntry) {
        self.entry = entry
        fixed = FixedPart(entry.fixed)
    }

    var content: String { entry.content }
    var isThere: Bool { !entry.content.isEmpty }

    mutating func follow(_ next: EvidenceEntry) {
        if wasThere, next.content != entry.content { changes += 1 }
        fixed = FixedPart(next.fixed) ?? fixed
        entry = next
    }

    mutating func mark() { wasThere = isThere }

    var change: EvidenceChange? {
        guard changes > 0 else { return nil }
        return EvidenceChange(
            row: entry.words, times: changes, last: Timestamp(milliseconds: entry.time), removed: !isThere)
    }
}

/// What became of a row that was there when a head was taken that somebody kept elsewhere.
public struct EvidenceChange: Hashable, Sendable {
    /// `deployment 7`.
    public var row: String
    /// How often it was changed since.
    public var times: Int
    public var last: Timestamp
    public var removed: Bool
}

extension EvidenceEntry {
    var words: String { Self.words(source, key) }
    var date: String { Timestamp(milliseconds: time).words }

    /// `deployment 7`, as people know it.
    static func words(_ source: String, _ key: String) -> String {
        let key = key.filter { $0 != "\"" }
        return switch source {
        case "deployment": "deployment \(key)"
        case "deploymentPlan": "the plan of deployment \(key)"
        case "containerImage": "an image of deployment \(key.replacing("/", with: ", container "))"
        case "seenCommit": "commit number \(key)"
        case "incidentEvent": "event \(key) of an incident"
        default: "the \(key)"
        }
    }

    /// The deployment to which the row belongs, as its key; `nil` of any other.
    var owner: String? {
        switch source {
        case "deploymentPlan": key
        case "containerImage": key.filter { $0 != "\"" }.split(separator: "/").first.map(String.init)
        default: nil
        }
    }
}
