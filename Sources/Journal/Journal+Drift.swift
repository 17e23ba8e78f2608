internal import GRDB
public import Model

/// What ran and was not what was deployed.
extension Journal {
    /// The newest deployment that created each container, by container, as far as it is kept.
    public func originOfContainers() async throws(JournalError) -> [String: Int64] {
        try await read("read which deployment made the containers") { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT container, max(deployment) AS origin FROM containerPhase WHERE phase = 'created'
                    GROUP BY container
                    """)
            return try rows.reduce(into: [:]) { origins, row in
                origins[try row.decode(forColumn: "container")] = try row.decode(Int64.self, forColumn: "origin")
            }
        }
    }

    /// When each container last passed the health gate of a deployment, as far as that is kept.
    public func lastPassedGates() async throws(JournalError) -> [String: Timestamp] {
        try await read("read when the containers were healthy") { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT container, max(time) AS time FROM containerPhase WHERE phase = ? GROUP BY container",
                arguments: [ContainerRecord.Phase.healthy.rawValue])
            return try rows.reduce(into: [:]) { times, row in
                times[try row.decode(forColumn: "container")] = try row.time("time")
            }
        }
    }

    /// How far each container came since it was made last: made, started, healthy or failed, as far as that is kept.
    public func lastGates() async throws(JournalError) -> [String: ContainerRecord] {
        try await read("read how far the containers came") { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT container, phase, time FROM containerPhase WHERE id IN (
                        SELECT max(id) FROM containerPhase
                        WHERE phase IN ('created', 'started', 'healthy', 'failed') GROUP BY container)
                    """)
            return try rows.reduce(into: [:]) { gates, row in
                let name: String = try row.decode(forColumn: "container")
                gates[name] = ContainerRecord(container: name, phase: try row.word("phase"), time: try row.time("time"))
            }
        }
    }

    /// Records of each of `containers` that it serves, to the deployment that made it, which has ended.
    public func recordPasses(of containers: Set<String>) async throws(JournalError) {
        try await write("record that containers serve") { database in
            for container in containers.sorted() {
                try database.execute(
                    sql: """
                        INSERT INTO containerPhase (deployment, container, phase, time)
                        SELECT deployment, container, 'healthy', ? FROM containerPhase
                        WHERE container = ? AND phase = 'created' ORDER BY id DESC LIMIT 1
                        """,
                    arguments: [now().milliseconds, container])
            }
        }
    }

    /// What lasts now: a finding that is new is recorded, one that is missing here is gone. `lastSeen`: when each subject was
    /// last seen to differ. Returns what is new.
    public func recordDrift(
        _ findings: [DriftFinding], lastSeen: [String: Timestamp] = [:]
    ) async throws(JournalError) -> [DriftFinding] {
        let open = try await openDrift().map(\.finding)
        let new = findings.filter { finding in !open.contains { $0.isSame(as: finding) } }
        let gone = open.filter { finding in !findings.contains { $0.isSame(as: finding) } }
        // Asked with every poll: a write each time would wake the disk for nothing.
        guard !new.isEmpty || !gone.isEmpty else { return [] }
        try await write("record the drift") { database in
            for finding in gone {
                try database.execute(
                    sql: "UPDATE drift SET gone = ?, finding = ? WHERE gone IS NULL AND subject = ? AND kind = ?",
                    arguments: [
                        now().milliseconds, try JSONText.encode(finding.seen(last: lastSeen[finding.subject])),
                        finding.subject, finding.kind.rawValue,
                    ])
            }
            for finding in new {
                try database.execute(
                    sql: "INSERT INTO drift (subject, kind, finding, found) VALUES (?, ?, ?, ?)",
                    arguments: [
                        finding.subject, finding.kind.rawValue, try JSONText.encode(finding), now().milliseconds,
                    ])
            }
        }
        return new
    }

    /// What lasts, the oldest first.
    public func openDrift() async throws(JournalError) -> [DriftRecord] {
        try await drift("WHERE gone IS NULL ORDER BY id", [])
    }

    /// Newest first, with what is gone.
    public func drift(limit: Int) async throws(JournalError) -> [DriftRecord] {
        try await drift("ORDER BY id DESC LIMIT ?", [limit])
    }

    private func drift(_ condition: String, _ arguments: StatementArguments) async throws(JournalError) -> [DriftRecord]
    {
        try await read("read the drift") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM drift \(condition)", arguments: arguments).map { row in
                DriftRecord(
                    finding: try row.json("finding", as: DriftFinding.self), found: try row.time("found"),
                    gone: try row.timeIfPresent("gone"))
            }
        }
    }
}

extension DriftFinding {
    /// However it is worded by now.
    fileprivate func isSame(as other: DriftFinding) -> Bool { subject == other.subject && kind == other.kind }

    fileprivate func seen(last moment: Timestamp?) -> DriftFinding {
        var finding = self
        finding.effect?.lastSeen = moment
        return finding
    }
}
