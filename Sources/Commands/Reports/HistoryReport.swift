internal import Model

/// What happened on this host, newest first: deployments, and commits that led to none.
struct HistoryReport: Report {
    struct Entry: Codable, Hashable, Sendable {
        /// Absent for a commit that led to no deployment.
        var deployment: Int64?
        var time: ReportTime
        /// A deployment's outcome, `unfinished`, a commit's verdict, `signers`: others may sign from then on, `drift`: what was found and
        /// ended without a deployment, or what an operator did.
        var outcome: String
        var trigger: DeploymentTrigger?
        var commit: CommitSummary?
        var version: String?
        /// Until the stack served again, whoever brought it back.
        var downtimeMilliseconds: Int64?
        /// How long it may have been at most, where nobody saw when it began; the other one is then the shortest.
        var downtimeAtMostMilliseconds: Int64?
        /// Since when nothing has served, of the one that stopped it; absent once the stack serves.
        var downSince: ReportTime?
        var changes: [PlanChange]
        var error: String?
        var hint: String?
        var note: String?
        /// The copy of the data from before the deployment; absent when none was made.
        var snapshot: String?
        /// Who did it; of what an operator said of the data only.
        var person: String?
    }

    var entries: [Entry]
    /// Since when nothing newer comes, and why; absent while the branch can be followed.
    var repository: Trouble?

    struct Trouble: Codable, Hashable, Sendable {
        var since: ReportTime
        var error: String
    }

    func lines(_ style: TextStyle) -> [String] {
        let trouble = repository.map { $0.lines(style) } ?? []
        guard !entries.isEmpty else { return trouble + ["nothing has happened yet"] }
        var rows = rows(style) { $0.cells(style) + $0.restCells(style) }
        if let columns = style.columns, rows.contains(where: { WrappedText.width($0) > columns }) {
            // What a narrow screen has no room for stands below, and the table stays one.
            rows = self.rows(style) { $0.cells(style) }
            return trouble + zip(rows, entries).flatMap { [$0] + $1.rest(style) + $1.details(style) }
        }
        return trouble + zip(rows, entries).flatMap { [$0] + $1.details(style) }
    }

    /// One line for each entry.
    private func rows(_ style: TextStyle, _ cells: (Entry) -> [TextTable.Cell]) -> [String] {
        var table = TextTable()
        for entry in entries { table.add(cells(entry)) }
        return table.lines
    }
}

extension HistoryReport.Trouble {
    /// `nil` while a tip that may be followed comes.
    init?(_ poll: PollRecord?) {
        guard let poll, let error = poll.error, let since = poll.staleSince ?? poll.failingSince else { return nil }
        self.since = ReportTime(since)
        self.error = error
    }

    fileprivate func lines(_ style: TextStyle) -> [String] {
        style.wrapped("nothing newer comes since \(style.exactTime(since.moment)): \(error)".printable).map(style.bad)
    }
}

extension HistoryReport.Entry {
    init(_ record: DeploymentRecord, commit: CommitRecord?) {
        deployment = record.id
        time = ReportTime(record.started)
        outcome = record.outcome?.rawValue ?? "unfinished"
        trigger = record.trigger
        self.commit = commit.map { CommitSummary($0.commit) } ?? record.commit.map { CommitSummary(id: $0) }
        self.commit?.warrant = record.warrant.map(CommitSummary.Warrant.init)
        version = record.version.isEmpty ? nil : record.version
        downtimeMilliseconds = record.downtimeMilliseconds
        downtimeAtMostMilliseconds = record.downtimeAtMostMilliseconds
        changes = record.changes.told
        error = record.error
        hint = record.hint
        note = nil
        snapshot = record.snapshot?.run.description
    }

    /// A commit without a deployment.
    init(_ record: CommitRecord) {
        time = ReportTime(record.seen)
        outcome = record.verdict.rawValue
        commit = CommitSummary(record.commit)
        changes = []
        note = record.note
    }

    /// What was found, and ended without a deployment.
    init(_ record: DriftRecord) {
        time = ReportTime(record.found)
        outcome = "drift"
        if let begin = record.begin, let gone = record.gone {
            // It ended between the last look that saw it and the first that did not.
            let last = record.finding.effect.map { max($0.lastSeen ?? record.found, record.found) } ?? gone
            let length = begin.length(to: min(last, gone), gone)
            downtimeMilliseconds = length.least
            downtimeAtMostMilliseconds = length.most
        }
        changes = []
        note = "\(record.finding.subject): \(record.finding.text)"
    }

    /// A list of signers that was accepted.
    init(_ rotation: SignerRotation) {
        time = ReportTime(rotation.time)
        outcome = "signers"
        changes = []
        note = rotation.words
    }

    /// What an operator said of the data.
    init(_ act: OperatorAct) {
        time = ReportTime(act.time)
        outcome = act.kind.rawValue
        changes = []
        note = act.text
        person = act.person
    }

    fileprivate func cells(_ style: TextStyle) -> [TextTable.Cell] {
        [
            .init(deployment.map { "#\($0)" } ?? "", style.strong), .init(style.time(time.moment)),
            .init(outcome, paint(style)), .init(commit?.short ?? ""), .init(version ?? ""),
        ]
    }

    fileprivate func restCells(_ style: TextStyle) -> [TextTable.Cell] {
        [.init(circumstances(style), style.faint), .init(author)]
    }

    /// The same on lines of its own.
    fileprivate func rest(_ style: TextStyle) -> [String] {
        let margin = "     "
        let circumstances = circumstances(style)
        return (circumstances.isEmpty ? [] : style.wrapped(circumstances, margin: margin).map(style.faint))
            + (author.isEmpty ? [] : style.wrapped(author, margin: margin))
    }

    private var author: String { commit?.words.printable ?? person.map { "by \($0)".printable } ?? "" }

    private func circumstances(_ style: TextStyle) -> String {
        let downtime =
            SpokenDuration.downtime(milliseconds: downtimeMilliseconds, atMost: downtimeAtMostMilliseconds)
            ?? downSince.map { "down since \(style.time($0.moment))" }
        return [reason, downtime].compactMap(\.self).joined(separator: ", ")
    }

    /// Why it ran, where that was not a new commit.
    private var reason: String? {
        guard let trigger, !trigger.purpose.isObvious else { return nil }
        return trigger.rawValue
    }

    private func paint(_ style: TextStyle) -> (String) -> String {
        if let outcome = DeploymentOutcome(rawValue: outcome) { return { _ in outcome.painted(style) } }
        let isBad = outcome == CommitRecord.Verdict.rolledBack.rawValue
        return { isBad ? style.bad($0) : style.faint($0) }
    }

    fileprivate func details(_ style: TextStyle) -> [String] {
        let margin = "     "
        var lines = changes.flatMap { style.wrapped($0.line(beside: commit?.name), margin: margin) }
        lines += FailureText(error, hint: hint).lines(style, margin: margin)
        if let note {
            let (reason, log) = LogTail.split(note)
            lines += reason.split(separator: "\n").flatMap { style.wrapped(String($0).printable, margin: margin) }
                .map(style.faint)
            lines += log.lines.map { style.faint("\(margin)| \($0.printable)") }
        }
        return lines
    }
}

extension [PlanChange] {
    /// Their words have the times.
    var told: Self {
        map { change in
            var change = change
            change.down = nil
            return change
        }
    }
}

extension String {
    /// Printable, with line breaks kept and every line indented as the first is.
    var indentedLines: String {
        let margin = String(prefix { $0 == " " })
        return split(separator: "\n", omittingEmptySubsequences: true).enumerated()
            .map { ($0 == 0 ? "" : margin) + String($1).printable }.joined(separator: "\n")
    }
}
