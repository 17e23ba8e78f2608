internal import Jobs
internal import Model

extension StatusReport {
    /// A cron job of the deployed plan.
    struct Job: Codable, Hashable, Sendable {
        enum State: String, Codable, Sendable {
            case ok, failed
            /// It has not run for twice its period.
            case overdue
            /// Its first time has not come yet.
            case waiting
        }

        var name: String
        /// Five crontab fields.
        var schedule: String
        var state: State
        var lastRun: ReportTime?
        /// Exit status of the last run.
        var status: Int?
        /// What the last run did.
        var summary: String?
        /// When it last met a busy host and did nothing.
        var lastSkipped: ReportTime?

        init(_ record: JobRecord, clock: HostClock) {
            name = record.name
            schedule = record.schedule
            lastRun = record.lastRun.map { ReportTime($0.started) }
            status = record.lastRun?.status
            summary = record.lastRun?.summary
            lastSkipped = record.skipped.map { ReportTime($0) }
            state =
                record.isOverdue(at: clock.now(), offset: clock.offset)
                ? .overdue : record.lastRun.map { $0.status == 0 ? .ok : .failed } ?? .waiting
        }
    }

    func jobLines(_ style: TextStyle) -> [String] {
        guard let jobs, !jobs.isEmpty else { return [] }
        var table = TextTable(indentation: 4)
        for job in jobs {
            table.add(
                .init(job.name), .init(job.state.rawValue) { job.paint($0, style) },
                .init(job.lastRun.map { style.time($0.moment) } ?? job.noRun), .init((job.summary ?? "").printable))
        }
        return ["  jobs"] + table.lines
    }
}

extension StatusReport.Job {
    fileprivate var noRun: String { state == .overdue ? "has not run yet" : "not due yet" }

    fileprivate func paint(_ text: String, _ style: TextStyle) -> String {
        switch state {
        case .ok, .waiting: style.good(text)
        case .failed, .overdue: style.bad(text)
        }
    }
}
