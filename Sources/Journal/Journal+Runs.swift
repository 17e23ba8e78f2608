internal import GRDB
public import Planning

/// The daemon's own life: its runs and its polls.
extension Journal {
    /// Records that the daemon starts in the boot `bootID`; returns the run before it, without an `ended` when that
    /// was cut off. A cut off run of another boot means that the host lost power or crashed.
    public func beginRun(bootID: String) async throws(JournalError) -> RunRecord? {
        try await write("record the start of the daemon") { database in
            let previous = try SavedValue.run.read(from: database)
            try SavedValue.run.write(RunRecord(bootID: bootID, started: now()), to: database)
            return previous
        }
    }

    /// Records an orderly end of the daemon.
    public func endRun() async throws(JournalError) {
        try await write("record the end of the daemon") { database in
            guard var run = try SavedValue.run.read(from: database) else { return }
            run.ended = now()
            try SavedValue.run.write(run, to: database)
        }
    }

    public func lastRun() async throws(JournalError) -> RunRecord? {
        try await read("read the last run") { try SavedValue.run.read(from: $0) }
    }

    /// Records a poll: `servedBy` is the URL that answered, `nil` when none did; `error` is what went wrong, also
    /// when another server answered. Both without user information.
    public func recordPoll(servedBy: String?, error: String?) async throws(JournalError) {
        try await write("record a poll") { database in
            var poll = try SavedValue.poll.read(from: database) ?? PollRecord()
            poll.error = error
            if let servedBy {
                poll.reached = now()
                poll.servedBy = servedBy
                poll.failingSince = nil
            } else {
                poll.failingSince = poll.failingSince ?? now()
            }
            try SavedValue.poll.write(poll, to: database)
        }
    }

    public func lastPoll() async throws(JournalError) -> PollRecord? {
        try await read("read the last poll") { try SavedValue.poll.read(from: $0) }
    }

    /// The last damaged journal that was set aside on this host; for `status`.
    public func lastSetAside() async throws(JournalError) -> SetAsideJournal? {
        try await read("read the damaged journal's place") { try SavedValue.setAside.read(from: $0) }
    }
}
