internal import Deploying
internal import Journal
internal import Model

extension HistoryReport {
    /// The newest `limit` entries of the journal.
    init(from journal: Journal, limit: Int) async throws {
        let deployments = try await journal.deployments(limit: limit)
        let commits = try await journal.commits(limit: limit)
        var known = Dictionary(commits.map { ($0.commit.id, $0) }) { first, _ in first }
        for id in Set(deployments.compactMap(\.commit)).subtracting(known.keys) {
            known[id] = try await journal.commits(matching: id.hex).first
        }
        let incidents = try await journal.incidents(limit: max(limit, 100))
        let outage = try await journal.deployedState() == nil ? StackOutage(deployments) : nil
        var all = Self.inOrder(
            deployments.map { record in
                var entry = Entry(record, commit: record.commit.flatMap { known[$0] })
                entry.hint = record.hint(newest: deployments.first?.id)
                if let left = RepairOutage(record, among: deployments, incidents) { entry.tell(left, of: record) }
                if let outage, record.id == outage.first.id { entry.downSince = ReportTime(outage.since) }
                return entry
            })
        all += Self.inOrder(
            commits.filter { $0.isEntry(beside: deployments) }.map { Entry($0.overtaken(by: commits.first)) })
        let drift = try await journal.drift(limit: limit)
        let measured = Set(all.filter { $0.entry.tellsOutage }.compactMap(\.entry.deployment))
        all += drift.filter { $0.isEntry(beside: deployments.filter { measured.contains($0.id) }, drift) }
            .map { Entry($0) }.map { ($0, $0.time.moment) }
        all += try await TrustLedger(journal).rotations().map { Entry($0) }.map { ($0, $0.time.moment) }
        all += try await OperatorLedger(journal).acts().map { Entry($0) }.map { ($0, $0.time.moment) }
        repository = Trouble(try await journal.lastPoll())
        entries = all.sorted { $0.moment > $1.moment }.prefix(limit).map(\.entry)
    }

    /// `entries`: of one kind, as the journal has them, the newest first. An older one never counts as later than a
    /// newer: a clock that was ahead would keep what it saw on top until that time comes.
    private static func inOrder(_ entries: [Entry]) -> [(entry: Entry, moment: Timestamp)] {
        var latest: Timestamp?
        return entries.map { entry in
            var moment = entry.time.moment
            if let latest, moment > latest { moment = Timestamp(milliseconds: latest.milliseconds - 1) }
            latest = moment
            return (entry, moment)
        }
    }
}

extension CommitRecord {
    /// What waited when a newer commit came waits no more; `tip` is the newest.
    func overtaken(by tip: CommitRecord?) -> CommitRecord {
        guard verdict == .pending, let tip, tip.commit.id != commit.id else { return self }
        var record = self
        record.verdict = .superseded
        record.note = nil
        return record
    }

    /// Whether none of `deployments` tells of it: it led to none, or to one of a newer commit.
    fileprivate func isEntry(beside deployments: [DeploymentRecord]) -> Bool {
        guard verdict != .deployed, let deployment else { return verdict != .deployed }
        return verdict == .superseded && deployments.first { $0.id == deployment }?.commit != commit.id
    }
}

extension DeploymentRecord {
    /// What to do about it, as far as that was not done since; `newest` is the last deployment of the journal.
    func hint(newest: Int64?) -> String? {
        hint == DeploymentError.overtakenHint && newest != id ? nil : hint
    }
}

extension DriftRecord {
    /// Whether users missed something that ended, and none of `deployments`, which all tell of an outage, tells of this one.
    fileprivate func isEntry(beside deployments: [DeploymentRecord], _ all: [DriftRecord]) -> Bool {
        guard let gone, finding.isOutage, !all.contains(where: { $0.goesOn(after: self) }) else { return false }
        return !deployments.contains { $0.started >= found && $0.started <= gone && $0.isOf(finding) }
    }

    /// Whether it is what became of `other`: what was stopped is gone now. Both were written one after the other.
    private func goesOn(after other: DriftRecord) -> Bool {
        guard let gone = other.gone, finding.isOutage, finding.subject == other.finding.subject else { return false }
        return finding.kind != other.finding.kind && abs(found.milliseconds - gone.milliseconds) < 1000
    }
}

extension DeploymentRecord {
    /// Whether it replaced what `finding` is of, or says since when that was down.
    fileprivate func isOf(_ finding: DriftFinding) -> Bool {
        let down = changes.filter { $0.down != nil }.map(\.subject)
        let names = Set(down + containers.filter { $0.phase != .imageReady }.map(\.container))
        return finding.isOfNetwork ? !names.isEmpty : !names.isDisjoint(with: ["stack", finding.subject])
    }
}

extension DriftFinding {
    fileprivate var isOfNetwork: Bool { kind == .network || kind == .bridge }

    fileprivate var isOutage: Bool {
        switch kind {
        case .missing, .stopped, .paused, .detached, .dead, .network, .bridge: true
        // What only the owner can mend is an incident, which tells how long it was.
        case .port: remedy == .renew
        case .renamed, .image, .origin, .attached, .limits, .surplus, .foreign, .data: false
        }
    }
}

extension HistoryReport.Entry {
    fileprivate var tellsOutage: Bool { downtimeMilliseconds != nil || downSince != nil }

    /// What it left did not serve for a while, or does not yet.
    fileprivate mutating func tell(_ outage: RepairOutage, of record: DeploymentRecord) {
        downtimeMilliseconds = outage.milliseconds
        downtimeAtMostMilliseconds = record.changes.longestDowntime(outage.milliseconds)
        if outage.end == nil { downSince = ReportTime(outage.begin) }
    }
}
