internal import Journal
internal import Planning

extension Outage {
    /// As the journal has it; `nil` when no failed deployment is why nothing is deployed.
    init?(_ journal: Journal) async throws {
        let records = try await journal.deployments(limit: 100)
        var commits: [CommitID: Commit] = [:]
        for id in Set(records.compactMap(\.commit)) {
            commits[id] = try await journal.commits(matching: id.hex).first?.commit
        }
        self.init(records, stack: try await journal.lastDeployedPlan()?.stack, commits: commits)
    }

    var reason: String { error.firstLine }

    /// For monitoring, in UTC.
    var fault: String { "down since \(CivilTime(since.moment).utc): \(reason)" }

    /// What an operator wants to know first, by name.
    func rows(_ style: TextStyle) -> [(String, String)] {
        let failed = "#\(deployment)  " + (commit.map { "\($0.short)  \($0.words)" } ?? "")
        let good = lastGood.map { good in
            "#\(good.deployment)  " + (good.commit.map { "\($0.short)  \($0.words), " } ?? "") + good.version
        }
        return [("failed", failed.printable), ("reason", style.bad(reason.printable))]
            + [("last good", good?.printable ?? "none, nothing was ever deployed here")]
            + wayLines.enumerated().map { ($0 == 0 ? "way back" : "", $1.printable) }
    }

    private var wayLines: [String] {
        guard !ways.isEmpty else { return [hint ?? "correct the plan, commit and push it"] }
        return ways.map { way in
            switch way.place {
            case .host: "\(way.command)  # brings back \(way.effect)"
            case .repository: "\(way.command)  # in a clone of the repo: \(way.effect)"
            }
        }
    }
}

extension String {
    var firstLine: String { split(separator: "\n", maxSplits: 1).first.map(String.init) ?? "" }
}
