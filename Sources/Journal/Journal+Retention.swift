internal import GRDB
internal import Model

/// What the journal keeps: the newest entries up to a number and all up to an age, whichever is more.
///
/// Never dropped: the deployment that made the deployed state, one without an outcome, commits that a kept deployment
/// or the deployed state names, the newest commit and the failure of its plan, an open incident.
public struct Retention: Sendable, Hashable {
    public var deployments: Int
    public var commits: Int
    public var incidents: Int
    public var days: Int64

    public init(deployments: Int, commits: Int, incidents: Int, days: Int64) {
        self.deployments = deployments
        self.commits = commits
        self.incidents = incidents
        self.days = days
    }

    /// 500 deployments, 2000 commits and 500 incidents, and everything of the last 400 days.
    public static let standard = Self(deployments: 500, commits: 2000, incidents: 500, days: 400)

    var milliseconds: Int64 { days * 86_400_000 }
}

extension Journal {
    /// Drops what `retention` does not keep. Done by itself with the standard rule, when a deployment ends.
    public func prune(_ retention: Retention) async throws(JournalError) {
        try await write("drop old entries") { try prune(retention, in: $0) }
    }

    func prune(_ retention: Retention, in database: Database) throws {
        let cutoff = now().milliseconds - retention.milliseconds
        let deployed = try SavedValue.deployed.read(from: database)
        try database.execute(
            sql: """
                DELETE FROM deployment WHERE started < ? AND outcome IS NOT NULL AND id IS NOT ?
                AND id NOT IN (SELECT id FROM deployment ORDER BY id DESC LIMIT ?)
                """,
            arguments: [cutoff, deployed?.deployment, retention.deployments])
        // At least one: the newest commit is what the next poll is compared with.
        try database.execute(
            sql: """
                DELETE FROM seenCommit WHERE seen < ? AND id IS NOT ?
                AND ordinal NOT IN (SELECT ordinal FROM seenCommit ORDER BY ordinal DESC LIMIT max(1, ?))
                AND id NOT IN (SELECT commitID FROM deployment WHERE commitID IS NOT NULL)
                """,
            arguments: [cutoff, deployed?.commit.hex, retention.commits])
        try database.execute(sql: "DELETE FROM drift WHERE gone < ?", arguments: [cutoff])
        try database.execute(
            sql: """
                DELETE FROM failedPlan WHERE lastAttempt < ?
                AND commitID IS NOT (SELECT id FROM seenCommit ORDER BY ordinal DESC LIMIT 1)
                """,
            arguments: [cutoff])
        try database.execute(
            sql: """
                DELETE FROM incidentEvent
                WHERE incident IN (SELECT incident FROM incidentEvent WHERE event = 'closed' AND time < ?)
                AND incident NOT IN
                    (SELECT incident FROM incidentEvent GROUP BY incident ORDER BY max(id) DESC LIMIT ?)
                """,
            arguments: [cutoff, retention.incidents])
        try EvidenceChain.prune(before: cutoff, in: database, at: now())
    }
}
