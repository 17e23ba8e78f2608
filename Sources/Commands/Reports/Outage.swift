internal import Deploying
internal import Model

/// A host on which nothing runs since a deployment failed: since when, what failed, and the ways back.
struct Outage: Codable, Hashable, Sendable {
    /// What served last.
    struct LastGood: Codable, Hashable, Sendable {
        var deployment: Int64
        var version: String
        var commit: CommitSummary?
    }

    /// One way back, as it is typed.
    struct Way: Codable, Hashable, Sendable {
        enum Place: String, Codable, Sendable {
            case host
            /// A clone of the customer repo.
            case repository
        }

        var place: Place
        var command: String
        /// What it brings back.
        var effect: String
    }

    var stack: String?
    /// When the first container that served was stopped.
    var since: ReportTime
    /// The newest one that failed.
    var deployment: Int64
    var commit: CommitSummary?
    var error: String
    var hint: String?
    /// Absent where nothing ever served.
    var lastGood: LastGood?
    var ways: [Way] = []

    /// `records`: of deployments, the newest first, on a host on which nothing counts as deployed. `nil` when no failure is
    /// the reason: nothing was deployed yet, or an operator took the stack down.
    init?(_ records: [DeploymentRecord], stack: String?, commits: [CommitID: Commit]) {
        guard let outage = StackOutage(records) else { return nil }
        let summary = { (id: CommitID?) in id.map { commits[$0].map(CommitSummary.init) ?? CommitSummary(id: $0) } }
        self.stack = stack
        since = ReportTime(outage.since)
        deployment = outage.newest.id
        commit = summary(outage.newest.commit)
        error = outage.newest.error ?? outage.newest.outcome?.rawValue ?? ""
        hint = outage.newest.hint(newest: records.first?.id)
        lastGood = outage.lastGood.map {
            LastGood(deployment: $0.id, version: $0.version, commit: summary($0.commit))
        }
    }

    /// Whether a newer commit, which is deployed next, stopped the deployment.
    var isOvertaken: Bool { hint == DeploymentError.overtakenHint }

    /// Adds what brings back what served last. `tip`: what the branch asks for; `parent`: what is known of the commit before it.
    /// `copies`: of the data, that are on the host.
    mutating func offer(tip: Commit?, after parent: CommitRecord?, copies: [DataSnapshot]) {
        guard let lastGood, !isOvertaken else { return }
        let made = copies.filter { $0.origin == .copied }
        if made.contains(where: { $0.state?.deployment == lastGood.deployment }) {
            let isNewest = made.max { $0.run < $1.run }?.state?.deployment == lastGood.deployment
            let command = "fairlead rollback" + (isNewest ? "" : " --to \(lastGood.deployment)")
            ways.append(Way(place: .host, command: command, effect: "\(lastGood.version) with the data of before"))
        }
        guard let good = lastGood.commit?.name, let tip, tip.id != good else { return }
        let command = Self.command(from: tip, after: parent, to: good)
        ways.append(Way(place: .repository, command: command, effect: "\(lastGood.version) on the data as it is"))
    }

    private static func command(from tip: Commit, after parent: CommitRecord?, to good: CommitID) -> String {
        // A commit that changed nothing is as good as the one before it.
        let isStep = tip.parents == [good] || tip.parents.count == 1 && parent?.verdict == .nothingToDeploy
        guard !isStep else { return "git revert --no-edit \(tip.id.short) && git push" }
        // Over merges, several commits and a rewritten branch as well.
        return "git restore --source=\(good.short) --staged --worktree :/ && git commit -m 'Back to \(good.short)' "
            + "&& git push"
    }
}
