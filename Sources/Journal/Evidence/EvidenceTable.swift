/// A table whose rows are covered by the chain: each change of one adds an entry.
///
/// What `original` says of names, keys and columns is in released migrations: it stays as it is.
struct EvidenceTable: Sendable {
    let name: String
    /// The columns that name a row.
    let key: [String]
    /// What is covered. A column that a later migration adds is not, until a later form of the chain covers it.
    let columns: [String]
    /// Which rows are covered, as a condition on `name`; absent: all.
    var names: [String] = []
    /// What may not change once ``isFixed`` holds for the row: SQL expressions, by the name that people know.
    var fixed: [(name: String, expression: String)] = []
    /// An SQL condition.
    var isFixed = "TRUE"
    /// The column with the row's own time: one that is final is removed when that is old.
    var moment: String?

    /// Names of saved values.
    static let rotations = "list of signers"
    static let acts = "acts of operators"

    /// What is covered now.
    static let all = original.map { $0.covering([rotations, acts]).withFixedPart }

    private func covering(_ more: [String]) -> Self {
        guard name == Self.saved else { return self }
        var table = self
        table.names += more
        return table
    }

    private static let saved = "savedValue"

    /// What was covered when the chain began: the migration that began it stays as it was.
    static let original = [
        Self(
            name: "deployment", key: ["id"],
            columns: [
                "id", "commitID", "version", "planDigest", "trigger", "changes", "started", "ended", "outcome", "error",
                "hint", "downtimeMilliseconds", "snapshot", "restored",
            ]),
        Self(name: "deploymentPlan", key: ["deployment"], columns: ["deployment", "planDocument"]),
        Self(
            name: "containerImage", key: ["deployment", "container"],
            columns: ["deployment", "container", "imageID", "storedImage"]),
        Self(
            name: "seenCommit", key: ["ordinal"],
            columns: ["ordinal", "id", "details", "seen", "servedBy", "verdict", "note", "deployment"]),
        Self(
            name: "incidentEvent", key: ["id"],
            columns: ["id", "incident", "event", "kind", "subject", "time", "since", "cause", "incidentDetails"]),
        Self(
            name: saved, key: ["name"], columns: ["name", "value"],
            names: [
                "deployed state", "suspension", "maintenance", "foreign machine", "moved", "hand-over", "take-over",
                "machine", "accepted commit", "commits accepted on this host", "data directories",
            ]),
    ]

    static func named(_ name: String) -> Self? { all.first { $0.name == name } }

    /// An SQL expression; `row` is empty, `NEW.` or `OLD.`.
    func keyExpression(_ row: String = "") -> String { key.map { row + $0 }.joined(separator: " || '/' || ") }

    /// The content of a row as one text.
    var contentExpression: String { "json_array(\(columns.joined(separator: ", ")))" }

    /// An SQL condition; `row` as above.
    func condition(_ row: String = "") -> String {
        guard !names.isEmpty else { return "TRUE" }
        return "\(row)name IN (\(names.map { "'\($0)'" }.joined(separator: ", ")))"
    }
}

extension EvidenceTable {
    /// Each change makes an entry in the transaction that changes; it is closed at the transaction's end.
    var triggers: String {
        let changed = columns.joined(separator: ", ")
        return [
            ("inserted", "INSERT ON", "NEW."), ("updated", "UPDATE OF \(changed) ON", "NEW."),
            ("deleted", "DELETE ON", "OLD."),
        ].map { event, occasion, row in
            """
            CREATE TRIGGER \(name)_\(event) AFTER \(occasion) \(name) WHEN \(condition(row)) BEGIN
                INSERT INTO evidence (source, key, event) VALUES ('\(name)', \(keyExpression(row)), '\(event)');
            END;
            """
        }.joined(separator: "\n")
    }

    /// Lists of signers are covered too from now on.
    static var coverRotations: String { cover(rotations, [rotations]) }

    /// So are the acts of operators.
    static var coverActs: String { cover(acts, [rotations, acts]) }

    /// `added` is covered from now on, beside the others of `more`.
    private static func cover(_ added: String, _ more: [String]) -> String {
        original.filter { $0.name == saved }.map { table in
            ["inserted", "updated", "deleted"].map { "DROP TRIGGER IF EXISTS \(saved)_\($0);\n" }.joined()
                + table.covering(more).triggers + "\n"
                + Self(name: saved, key: ["name"], columns: [], names: [added]).adoption
        }.joined()
    }

    /// Rows from before there was a chain.
    var adoption: String {
        """
        INSERT INTO evidence (source, key, event)
        SELECT '\(name)', \(keyExpression()), 'kept' FROM \(name) WHERE \(condition());
        """
    }
}
