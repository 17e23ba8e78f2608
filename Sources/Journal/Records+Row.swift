internal import GRDB
internal import Model

extension Row {
    func time(_ column: String) throws -> Timestamp { Timestamp(milliseconds: try decode(forColumn: column)) }
    func timeIfPresent(_ column: String) throws -> Timestamp? {
        try decode(Int64?.self, forColumn: column).map(Timestamp.init(milliseconds:))
    }

    /// A value that is kept as its word; an unknown word is an error, not a trap.
    func word<Word: RawRepresentable>(_ column: String) throws -> Word where Word.RawValue == String {
        let text: String = try decode(forColumn: column)
        guard let word = Word(rawValue: text) else {
            throw JournalError(.other, "cannot understand '\(text)' as \(column) in the journal")
        }
        return word
    }

    func json<Value: Decodable>(_ column: String, as type: Value.Type) throws -> Value {
        try JSONText.decode(type, from: decode(forColumn: column), of: column)
    }
}

extension DeploymentRecord {
    init(row: Row, in database: Database) throws {
        let id: Int64 = try row.decode(forColumn: "id")
        let commit = try row.decode(String?.self, forColumn: "commitID")
        let kept = try commit.flatMap { try Commit.kept($0, in: database) }
        self.init(
            id: id, commit: commit.flatMap(CommitID.init),
            version: try row.decode(forColumn: "version"), planDigest: try row.decode(forColumn: "planDigest"),
            trigger: try row.word("trigger"), started: try row.time("started"), ended: try row.timeIfPresent("ended"),
            outcome: try row.decode(String?.self, forColumn: "outcome") == nil ? nil : try row.word("outcome"),
            error: try row.decode(forColumn: "error"), hint: try row.decode(forColumn: "hint"),
            downtimeMilliseconds: try row.decode(forColumn: "downtimeMilliseconds"),
            changes: try row.json("changes", as: [PlanChange].self).map { try $0.signed(in: database) },
            steps: try StepRecord.all(of: id, in: database),
            containers: try ContainerRecord.all(of: id, in: database),
            images: try StoredImage.all(of: id, in: database),
            snapshot: try row.decode(String?.self, forColumn: "snapshot")
                .map { try JSONText.decode(SnapshotCost.self, from: $0, of: "snapshot") },
            restored: try row.decode(String?.self, forColumn: "restored").flatMap { BackupRunID($0) },
            warrant: kept?.warrant ?? kept?.formerWarrant)
    }
}

extension PlanChange {
    /// With who signed its commit, where that was verified: what was known when it was recorded is only who its author is said
    /// to be.
    fileprivate func signed(in database: Database) throws -> Self {
        guard let commit, let warrant = try Commit.kept(commit.id.hex, in: database)?.warrant, warrant.way == .signature
        else { return self }
        var change = self
        change.commit?.signer = warrant.signer?.name
        return change
    }
}

extension StepRecord {
    static func all(of deployment: Int64, in database: Database) throws -> [Self] {
        try Row.fetchAll(database, sql: "SELECT * FROM step WHERE deployment = ? ORDER BY id", arguments: [deployment])
            .map { row in
                Self(
                    step: try row.word("step"), started: try row.time("started"), ended: try row.timeIfPresent("ended"),
                    error: try row.decode(forColumn: "error"))
            }
    }
}

extension ContainerRecord {
    static func all(of deployment: Int64, in database: Database) throws -> [Self] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM containerPhase WHERE deployment = ? ORDER BY id", arguments: [deployment]
        ).map { row in
            Self(
                container: try row.decode(forColumn: "container"), phase: try row.word("phase"),
                time: try row.time("time"))
        }
    }
}

extension StoredImage {
    static func all(of deployment: Int64, in database: Database) throws -> [String: Self] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT * FROM containerImage WHERE deployment = ?", arguments: [deployment])
        return try rows.reduce(into: [:]) { images, row in
            images[try row.decode(forColumn: "container")] = try row.json("storedImage", as: Self.self)
        }
    }
}

extension Commit {
    /// `nil` when it was never seen at the tip, or is not kept any more.
    static func kept(_ id: String, in database: Database) throws -> Commit? {
        try String.fetchOne(database, sql: "SELECT details FROM seenCommit WHERE id = ?", arguments: [id])
            .map { try JSONText.decode(Commit.self, from: $0, of: "commit '\(id)'") }
    }
}

extension CommitRecord {
    init(row: Row) throws {
        self.init(
            commit: try row.json("details", as: Commit.self), seen: try row.time("seen"),
            servedBy: try row.decode(forColumn: "servedBy"), verdict: try row.word("verdict"),
            note: try row.decode(forColumn: "note"), deployment: try row.decode(forColumn: "deployment"))
    }
}
