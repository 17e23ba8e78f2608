internal import Journal
internal import Model

/// One deployment, or one commit with all of its deployments.
struct ShowReport: Report {
    struct Seen: Codable, Hashable, Sendable {
        var commit: CommitSummary
        var seen: ReportTime
        var servedBy: String
        var verdict: CommitRecord.Verdict
        var note: String?
    }

    /// Absent when a deployment was asked for.
    var commit: Seen?
    /// Newest first.
    var deployments: [DeploymentReport]

    func lines(_ style: TextStyle) -> [String] {
        var blocks = deployments.map { $0.lines(style) }
        if let commit { blocks.insert(commit.lines(style), at: 0) }
        return Array(blocks.joined(separator: [""]))
    }
}

extension ShowReport.Seen {
    init(_ record: CommitRecord) {
        commit = CommitSummary(record.commit)
        seen = ReportTime(record.seen)
        servedBy = record.servedBy
        verdict = record.verdict
        note = record.note
    }

    fileprivate func lines(_ style: TextStyle) -> [String] {
        var table = TextTable(indentation: 2)
        table.add(.init("subject", style.faint), .init((commit.subject ?? "").printable))
        table.add(.init("author", style.faint), .init("\(commit.author ?? "") <\(commit.email ?? "")>".printable))
        if let warrant = commit.warrant {
            let key = warrant.key.map { " with key \($0)" } ?? ""
            table.add(.init("trust", style.faint), .init("\(warrant.text)\(key)".printable))
        }
        table.add(.init("seen", style.faint), .init("\(style.exactTime(seen.moment)) from \(servedBy)"))
        if let note { table.add(.init("note", style.faint), .init(note.replacing("\n", with: "; ").printable)) }
        return [style.strong("commit \(commit.id)") + "  \(verdict.rawValue)"] + table.lines
    }
}

extension ShowReport {
    /// `subject`: `12`, `#12`, or the beginning of a commit id (at least four digits).
    init(_ subject: String, from journal: Journal) async throws {
        if let report = try await Self.deployment(subject, journal) {
            self = report
        } else if let report = try await Self.commit(subject, journal) {
            self = report
        } else {
            throw UnknownSubject(subject: subject)
        }
    }

    private static func deployment(_ subject: String, _ journal: Journal) async throws -> Self? {
        guard let id = Int64(subject.drop { $0 == "#" }), let record = try await journal.deployment(id: id) else {
            return nil
        }
        return Self(commit: nil, deployments: try await reports(of: [record], journal))
    }

    private static func reports(of records: [DeploymentRecord], _ journal: Journal) async throws -> [DeploymentReport] {
        var reports: [DeploymentReport] = []
        let newest = try await journal.deployments(limit: 1).first?.id
        for record in records {
            var commit: CommitRecord?
            if let id = record.commit { commit = try await journal.commits(matching: id.hex).first }
            var report = DeploymentReport(record, commit: commit)
            report.hint = record.hint(newest: newest)
            reports.append(report)
        }
        return reports
    }

    private static func commit(_ subject: String, _ journal: Journal) async throws -> Self? {
        guard subject.count >= 4 else { return nil }
        let matches = try await journal.commits(matching: subject)
        guard matches.count <= 1 else { throw AmbiguousCommit(subject: subject, count: matches.count) }
        guard let commit = matches.first else { return nil }
        var deployments = try await journal.deployments(of: commit.commit.id)
        if let id = commit.deployment, !deployments.contains(where: { $0.id == id }),
            let carrier = try await journal.deployment(id: id)
        {
            deployments.insert(carrier, at: 0)
        }
        let seen = Seen(commit.overtaken(by: try await journal.lastSeen()))
        return Self(commit: seen, deployments: try await reports(of: deployments, journal))
    }
}

/// Neither a deployment nor a commit of the journal.
struct UnknownSubject: Actionable {
    let subject: String

    var message: String { "there is no deployment and no commit '\(subject)' in the journal" }
    var hint: String { "'fairlead history' lists them" }
    var disposition: Disposition { .permanent }
}

/// The beginning of several commits' ids.
struct AmbiguousCommit: Actionable {
    let subject: String
    let count: Int

    var message: String { "'\(subject)' is the beginning of \(count) commits" }
    var hint: String { "write more digits" }
    var disposition: Disposition { .permanent }
}
