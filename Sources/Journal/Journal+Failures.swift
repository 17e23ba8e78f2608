internal import GRDB
public import Model

/// What is not tried again, and whether anything is tried at all.
extension Journal {
    public func failure(of key: FailureKey) async throws(JournalError) -> FailedPlan? {
        try await read("read a failed plan") { database in
            try String.fetchOne(
                database, sql: "SELECT failedPlan FROM failedPlan WHERE planDigest = ?", arguments: [key.text]
            ).map { try JSONText.decode(FailedPlan.self, from: $0, of: "failed plan") }
        }
    }

    /// All remembered failures, the latest first.
    public func failures() async throws(JournalError) -> [FailedPlan] {
        try await read("read the failed plans") { database in
            try String.fetchAll(database, sql: "SELECT failedPlan FROM failedPlan ORDER BY lastAttempt DESC")
                .map { try JSONText.decode(FailedPlan.self, from: $0, of: "failed plan") }
        }
    }

    /// Replaces what was remembered under the same key.
    public func remember(_ failure: FailedPlan) async throws(JournalError) {
        try await write("remember the failure of commit '\(failure.commit.short)'") { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO failedPlan VALUES (?, ?, ?, ?)",
                arguments: [
                    failure.key.text, failure.commit.hex, failure.lastAttempt.milliseconds,
                    try JSONText.encode(failure),
                ])
            try forgetLifted(failure.key, in: database)
        }
    }

    /// All of them when `key` is nil.
    public func forgetFailures(of key: FailureKey?) async throws(JournalError) {
        try await write("forget failed plans") { database in
            try database.execute(
                sql: "DELETE FROM failedPlan WHERE planDigest = coalesce(?, planDigest)", arguments: [key?.text])
            try forgetLifted(key, in: database)
        }
    }

    /// Forgets all of them because an operator asks for that; what of it is deployed again is a retry.
    public func liftFailures() async throws(JournalError) {
        try await write("lift the remembered failures") { database in
            let keys = try String.fetchAll(database, sql: "SELECT planDigest FROM failedPlan")
            try database.execute(sql: "DELETE FROM failedPlan")
            let known = try SavedValue.lifted.read(from: database) ?? []
            try SavedValue.lifted.write(Set(known + keys).sorted(), to: database)
        }
    }

    /// Whether an operator lifted a failure of `key` that was not tried since.
    public func isLifted(_ key: FailureKey) async throws(JournalError) -> Bool {
        try await read("read what was lifted") { try SavedValue.lifted.read(from: $0)?.contains(key.text) ?? false }
    }

    /// Of all when `key` is nil.
    private func forgetLifted(_ key: FailureKey?, in database: Database) throws {
        guard let known = try SavedValue.lifted.read(from: database) else { return }
        let left = known.filter { key != nil && $0 != key?.text }
        try SavedValue.lifted.write(left.isEmpty ? nil : left, to: database)
    }

    /// What holds the host back: another machine's data before maintenance before a move before a suspension, each
    /// outlives the next.
    public func suspension() async throws(JournalError) -> Suspension? {
        try await read("read the suspension") { database in
            try SavedValue.foreign.read(from: database) ?? SavedValue.maintenance.read(from: database)
                ?? SavedValue.moved.read(from: database) ?? SavedValue.suspension.read(from: database)
        }
    }

    /// The kinds are kept beside each other: the end of maintenance does not resume what was suspended before it.
    public func suspend(_ suspension: Suspension) async throws(JournalError) {
        try await write("record the suspension") {
            try SavedValue.suspension(of: suspension.kind).write(suspension, to: $0)
        }
    }

    public func lift(_ kind: Suspension.Kind) async throws(JournalError) {
        try await write("lift the suspension") { try SavedValue.suspension(of: kind).write(nil, to: $0) }
    }
}
