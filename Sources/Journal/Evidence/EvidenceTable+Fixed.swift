/// What of the rows is final.
///
/// The plan of a deployment never changes, an image not after its deployment's end (``EvidenceExamination`` knows): they have no
/// fixed part.
extension EvidenceTable {
    var withFixedPart: Self {
        var table = self
        switch name {
        case "deployment":
            table.fixed = columns.map { ($0, $0) }
            table.isFixed = "outcome IS NOT NULL"
            table.moment = "started"
        case "seenCommit":
            table.fixed = ["id", "seen", "servedBy"].map { ($0, $0) } + Self.details
            table.moment = "seen"
        case "incidentEvent":
            table.fixed = columns.map { ($0, $0) }
            table.moment = "time"
        default: break
        }
        return table
    }

    /// Of a commit. Why it is believed may be found out later, what came of it too.
    private static let details =
        ["author", "email", "time", "subject", "parents"].map { ($0, inDetails("json_extract(details, '$.\($0)')")) }
        + [
            // Of a key that stands twice SQLite reads the first one, and others may read the second.
            ("keys that stand twice", inDetails("(SELECT count(*) - count(DISTINCT key) FROM json_each(details))"))
        ]

    /// What is no JSON must not keep the journal from being written.
    private static func inDetails(_ expression: String) -> String {
        "CASE WHEN json_valid(details) THEN \(expression) END"
    }

    /// The columns that ``RowState`` reads.
    var state: String {
        let fixed = fixed.enumerated().map { ", \($1.expression) AS fixed\($0)" }.joined()
        return "\(contentExpression) AS content, \(isFixed) AS isFixed\(fixed)"
    }

    /// From now on entries say what is final; for rows that are there already it is said anew. The first of them names the entry
    /// with which the chain begins: older versions dropped entries without a word of it.
    static var keepFixed: String {
        """
        ALTER TABLE evidence ADD COLUMN fixed TEXT;
        INSERT INTO evidence (source, key, event) SELECT '\(chain)', id, 'kept' FROM evidence ORDER BY id LIMIT 1;
        """ + "\n"
            + all.filter { !$0.fixed.isEmpty }.map { table in
                """
                INSERT INTO evidence (source, key, event)
                SELECT '\(table.name)', \(table.keyExpression()), 'kept' FROM \(table.name) WHERE \(table.isFixed);
                """
            }.joined(separator: "\n")
    }

    /// The source of entries about the chain itself.
    static let chain = "evidence"
}
