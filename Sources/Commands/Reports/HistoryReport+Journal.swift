internal import Journal
internal import Planning

extension HistoryReport {
    /// The newest `limit` entries of the journal.
    init(from journal: Journal, limit: Int) async throws {
        let deployments = try await journal.deployments(limit: limit)
        let commits = try await journal.commits(limit: limit)
        var known = Dictionary(commits.map { ($0.commit.id, $0) }) { first, _ in first }
        for id in Set(deployments.compactMap(\.commit)).subtracting(known.keys) {
            known[id] = try await journal.commits(matching: id.hex).first
        }
        let outage = try await journal.deployedState() == nil ? StackOutage(deployments) : nil
        var all = deployments.map { record in
            var entry = Entry(record, commit: record.commit.flatMap { known[$0] })
            if let outage, record.id == outage.first.id { entry.downSince = ReportTime(outage.since) }
            return entry
        }
        all += commits.filter { $0.isEntry(beside: deployments) }.map { Entry($0) }
        all += try await TrustLedger(journal).rotations().map { Entry($0) }
        all += try await OperatorLedger(journal).acts().map { Entry($0) }
        repository = Trouble(try await journal.lastPoll())
        entries = Array(all.sorted { $0.time.moment > $1.time.moment }.prefix(limit))
    }
}

extension CommitRecord {
    /// Whether none of `deployments` tells of it: it led to none, or to one of a newer commit.
    fileprivate func isEntry(beside deployments: [DeploymentRecord]) -> Bool {
        guard verdict != .deployed, let deployment else { return verdict != .deployed }
        return verdict == .superseded && deployments.first { $0.id == deployment }?.commit != commit.id
    }
}
