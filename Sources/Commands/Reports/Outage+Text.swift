internal import Journal
internal import Model

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

    var reason: String { LogTail.split(error).reason.firstLine }

    /// For monitoring, in UTC.
    var fault: String { "down since \(CivilTime(since.moment).utc): \(reason)" }

    /// What an operator wants to know first, by name.
    func rows(_ style: TextStyle) -> [(String, TextTable.Cell)] {
        let failed = "#\(deployment)  " + (commit.map { "\($0.short)  \($0.words)" } ?? "")
        let good = lastGood.map { good in
            "#\(good.deployment)  " + (good.commit.map { "\($0.short)  \($0.words), " } ?? "") + good.version
        }
        var rows: [(String, TextTable.Cell)] = [
            (isOvertaken ? "overtaken" : "failed", TextTable.Cell(failed.printable)),
            ("reason", TextTable.Cell(reason.printable, style.bad)),
            ("last good", TextTable.Cell(good?.printable ?? "none, nothing was ever deployed here")),
        ]
        let title = isOvertaken ? "next" : "way back"
        for (index, cell) in wayCells.enumerated() { rows.append((index == 0 ? title : "", cell)) }
        return rows
    }

    private var wayCells: [TextTable.Cell] {
        guard !isOvertaken else { return [TextTable.Cell("the daemon deploys the tip of the branch")] }
        guard !ways.isEmpty else { return [TextTable.Cell((hint ?? "correct the plan, commit and push it").printable)] }
        return ways.map { way in
            switch way.place {
            case .host: .verbatim("\(way.command)  # brings back \(way.effect)".printable)
            case .repository: .verbatim("\(way.command)  # in a clone of the repo: \(way.effect)".printable)
            }
        }
    }
}

extension String {
    var firstLine: String { split(separator: "\n", maxSplits: 1).first.map(String.init) ?? "" }
}
