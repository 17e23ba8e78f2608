public import Model

/// An installed cron job and how it went.
public struct JobRecord: Sendable, Hashable {
    public struct Run: Sendable, Hashable {
        public let started: Timestamp
        public let ended: Timestamp
        /// 0 is success; 124 a run that was ended at its deadline.
        public let status: Int
        /// One line for people.
        public let summary: String
    }

    public let name: String
    /// Five crontab fields.
    public let schedule: String
    public let installed: Timestamp
    /// Absent before the first one.
    public let lastRun: Run?
    /// When it last met a busy host and left its work to its next time.
    public let skipped: Timestamp?

    /// Whether two of its times have passed by `now` since it ran last, or was installed.
    public func isOverdue(at now: Timestamp, offset: (Timestamp) -> Int64) -> Bool {
        guard let due = DueTimes(schedule)?.last(2, before: now, offset: offset), due.count == 2 else { return false }
        return max(lastRun?.started ?? installed, installed) < due[1]
    }
}
