internal import GRDB
public import Model

/// What was deployed, and how it went.
extension Journal {
    public func deployedState() async throws(JournalError) -> DeployedState? {
        try await read("read the deployed state") { try SavedValue.deployed.read(from: $0) }
    }

    /// Of the newest deployment that succeeded: whose data directories are on the host, also when nothing counts as
    /// deployed any more.
    public func lastDeployedPlan() async throws(JournalError) -> ResolvedPlan? {
        try await read("read the last deployed plan") { database in
            try SavedValue.lastDeployed.read(from: database)
                ?? SavedValue.deployed.read(from: database)?.desired.plan
        }
    }

    /// The newest deployment without an outcome: it runs, or it was cut off.
    public func unfinishedDeployment() async throws(JournalError) -> DeploymentRecord? {
        try await deployments("WHERE outcome IS NULL ORDER BY id DESC LIMIT 1", []).first
    }

    /// Since when nothing runs because a deployment failed, where nothing counts as deployed.
    public func downSince() async throws(JournalError) -> OutageBegin? {
        StackOutage(try await deployments(limit: 100))?.begin
    }

    public func deployment(id: Int64) async throws(JournalError) -> DeploymentRecord? {
        try await deployments("WHERE id = ?", [id]).first
    }

    /// Newest first; those older than deployment `before` where given.
    public func deployments(limit: Int, before: Int64? = nil) async throws(JournalError) -> [DeploymentRecord] {
        try await deployments("WHERE id < coalesce(?, id + 1) ORDER BY id DESC LIMIT ?", [before, limit])
    }

    /// All of `commit`, newest first.
    public func deployments(of commit: CommitID) async throws(JournalError) -> [DeploymentRecord] {
        try await deployments("WHERE commitID = ? ORDER BY id DESC", [commit.hex])
    }

    /// The plan that a deployment was to deploy; `nil` when it was not kept.
    public func plan(of deployment: Int64) async throws(JournalError) -> PlanDocument? {
        try await read("read the plan of deployment \(deployment)") { database in
            let sql = "SELECT planDocument FROM deploymentPlan WHERE deployment = ?"
            return try String.fetchOne(database, sql: sql, arguments: [deployment])
                .map { try JSONText.decode(PlanDocument.self, from: $0, of: "plan of deployment \(deployment)") }
        }
    }

    /// The receipt of a deployment: its `DeploymentRecord` as indented JSON with sorted keys, in UTF-8, with a final
    /// newline. Times are milliseconds since 1970 UTC, absent values are left out. `nil` when it is unknown.
    public func receipt(of deployment: Int64) async throws(JournalError) -> [UInt8]? {
        guard let record = try await self.deployment(id: deployment) else { return nil }
        do {
            return Array((try JSONText.encode(record, pretty: true) + "\n").utf8)
        } catch {
            throw JournalError("write the receipt of deployment \(deployment)", error)
        }
    }

    /// What the newest copy before a deployment cost, of those that had something to copy.
    public func lastSnapshotCost() async throws(JournalError) -> SnapshotCost? {
        try await read("read what copies of the data cost") { database in
            try String.fetchOne(
                database, sql: "SELECT snapshot FROM deployment WHERE snapshot IS NOT NULL ORDER BY id DESC LIMIT 1"
            ).map { try JSONText.decode(SnapshotCost.self, from: $0, of: "snapshot") }
        }
    }

    private func deployments(
        _ condition: String, _ arguments: StatementArguments
    ) async throws(JournalError) -> [DeploymentRecord] {
        try await read("read the deployments") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM deployment \(condition)", arguments: arguments)
                .map { try DeploymentRecord(row: $0, in: database) }
        }
    }
}
