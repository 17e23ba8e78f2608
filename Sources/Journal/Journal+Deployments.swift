internal import GRDB
public import Model

/// What a deployment writes, before it acts.
extension Journal {
    /// Records that a deployment begins; returns its id. Ids are never used twice.
    public func begin(_ deployment: NewDeployment) async throws(JournalError) -> Int64 {
        try await write("record the begin of a deployment") { database in
            try database.execute(
                sql: """
                    INSERT INTO deployment (commitID, version, planDigest, trigger, changes, started, restored)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    deployment.commit?.hex, deployment.version, deployment.planDigest,
                    deployment.trigger.rawValue, try JSONText.encode(deployment.changes), now().milliseconds,
                    deployment.restored?.description,
                ])
            let id = database.lastInsertedRowID
            if let document = deployment.document {
                try database.execute(
                    sql: "INSERT INTO deploymentPlan VALUES (?, ?)", arguments: [id, try JSONText.encode(document)])
            }
            return id
        }
    }

    public func stepStarted(_ step: DeploymentStep, of deployment: Int64) async throws(JournalError) {
        try await write("record the start of step '\(step.rawValue)' of deployment \(deployment)") { database in
            try database.execute(
                sql: "INSERT INTO step (deployment, step, started) VALUES (?, ?, ?)",
                arguments: [deployment, step.rawValue, now().milliseconds])
        }
    }

    /// Ends the newest run of `step`; a step that a crash cut off stays without an end when it is run again.
    public func stepEnded(_ step: DeploymentStep, of deployment: Int64, error: String?) async throws(JournalError) {
        try await write("record the end of step '\(step.rawValue)' of deployment \(deployment)") { database in
            try database.execute(
                sql: """
                    UPDATE step SET ended = ?, error = ?
                    WHERE id = (SELECT max(id) FROM step WHERE deployment = ? AND step = ?) AND ended IS NULL
                    """,
                arguments: [now().milliseconds, error, deployment, step.rawValue])
            guard database.changesCount == 1 else {
                throw JournalError(
                    .other, "cannot end step '\(step.rawValue)' of deployment \(deployment): it was not started")
            }
        }
    }

    /// Records a moment of `container`, and the image that it runs where given.
    public func record(
        _ phase: ContainerRecord.Phase, container: String, image: StoredImage?, of deployment: Int64
    ) async throws(JournalError) {
        try await write("record '\(phase.rawValue)' of container '\(container)'") { database in
            try database.execute(
                sql: "INSERT INTO containerPhase (deployment, container, phase, time) VALUES (?, ?, ?, ?)",
                arguments: [deployment, container, phase.rawValue, now().milliseconds])
            guard let image else { return }
            try database.execute(
                sql: "INSERT OR REPLACE INTO containerImage VALUES (?, ?, ?, ?)",
                arguments: [deployment, container, image.id, try JSONText.encode(image)])
        }
    }

    /// Adds to the changes of a deployment that runs.
    public func record(_ change: PlanChange, of deployment: Int64) async throws(JournalError) {
        try await write("record what deployment \(deployment) did") { database in
            let sql = "SELECT changes FROM deployment WHERE id = ?"
            guard let row = try Row.fetchOne(database, sql: sql, arguments: [deployment]) else {
                throw JournalError(.other, "cannot record what deployment \(deployment) did: it is unknown")
            }
            let changes = try row.json("changes", as: [PlanChange].self) + [change]
            try database.execute(
                sql: "UPDATE deployment SET changes = ? WHERE id = ?",
                arguments: [try JSONText.encode(changes), deployment])
        }
    }

    /// Records the copy of the data from before a deployment that runs.
    public func record(_ snapshot: SnapshotCost, of deployment: Int64) async throws(JournalError) {
        try await write("record the copy of the data from before deployment \(deployment)") { database in
            try database.execute(
                sql: "UPDATE deployment SET snapshot = ? WHERE id = ?",
                arguments: [try JSONText.encode(snapshot), deployment])
        }
    }

    /// Records the outcome, what counts as deployed and, for a stack that runs, that its images are on stable storage;
    /// drops what `retention` does not keep. Ending a deployment twice is an error.
    public func end(_ deployment: Int64, _ end: DeploymentEnd) async throws(JournalError) {
        try await write("record the end of deployment \(deployment)") { database in
            try database.execute(
                sql: """
                    UPDATE deployment SET ended = ?, outcome = ?, error = ?, hint = ?, downtimeMilliseconds = ?
                    WHERE id = ? AND outcome IS NULL
                    """,
                arguments: [
                    now().milliseconds, end.outcome.rawValue, end.error, end.hint, end.downtimeMilliseconds, deployment,
                ])
            guard database.changesCount == 1 else {
                throw JournalError(.other, "cannot end deployment \(deployment): it is unknown or ended already")
            }
            if !end.keepsDeployed { try SavedValue.deployed.write(end.deployed, to: database) }
            if let plan = end.deployed?.desired.plan { try SavedValue.lastDeployed.write(plan, to: database) }
            if let deployed = end.deployed { try trust(Set(deployed.images.values.map(\.id)), in: database) }
            try prune(.standard, in: database)
        }
    }
}
