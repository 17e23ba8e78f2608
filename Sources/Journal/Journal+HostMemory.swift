internal import GRDB
public import Model

/// What the loop knows of the host's and the repo's past.
extension Journal {
    /// The boot during which the stack was last known to be whole.
    public func lastBootID() async throws(JournalError) -> String? {
        try await read("read the last boot") { try SavedValue.bootID.read(from: $0) }
    }

    public func setBootID(_ id: String) async throws(JournalError) {
        try await write("record the boot") { try SavedValue.bootID.write(id, to: $0) }
    }

    /// The machine that this journal belongs to; `nil` before one claimed it.
    public func machine() async throws(JournalError) -> MachineMark? {
        try await read("read the machine") { try SavedValue.machine.read(from: $0) }
    }

    public func setMachine(_ machine: MachineMark) async throws(JournalError) {
        try await write("record the machine") { try SavedValue.machine.write(machine, to: $0) }
    }

    /// Records a poll: `servedBy` is the URL that answered, `nil` when none did; `error` is what went wrong, also
    /// when another server answered. Both without user information. `stackUp`: when all of the stack was last seen up.
    public func recordPoll(
        servedBy: String?, error: String?, stackUp: Timestamp? = nil
    ) async throws(JournalError) {
        try await write("record a poll") { database in
            var poll = try SavedValue.poll.read(from: database) ?? PollRecord()
            poll.error = error
            // Written with the poll: a write for each look would wake the disk for nothing.
            poll.stackUp = stackUp ?? poll.stackUp
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

    /// Records whether the repo's tip is here and may be followed; returns since when that fails, `nil` when it does not.
    public func recordFetch(succeeded: Bool) async throws(JournalError) -> Timestamp? {
        let known = try await lastPoll()
        // What lasts is not written again with every poll, unless a clock that was ahead wrote it.
        let isAhead = known?.staleSince.map { $0 > now() } ?? false
        guard isAhead || (known?.staleSince == nil) != succeeded else { return known?.staleSince }
        return try await write("record a fetch") { database in
            var poll = try SavedValue.poll.read(from: database) ?? PollRecord()
            poll.staleSince = succeeded ? nil : now()
            try SavedValue.poll.write(poll, to: database)
            return poll.staleSince
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

/// A stack that moves to another host.
extension Journal {
    public func outgoingMove() async throws(JournalError) -> OutgoingMoveRecord? {
        try await read("read the outgoing move") { try SavedValue.outgoingMove.read(from: $0) }
    }

    /// Holds the host back with it; `nil` ends both.
    public func setOutgoingMove(_ move: OutgoingMoveRecord?) async throws(JournalError) {
        try await write("record the outgoing move") { database in
            try SavedValue.outgoingMove.write(move, to: database)
            try SavedValue.moved.write(move?.suspension, to: database)
        }
    }
}

/// A stack that moves here from another host.
extension Journal {
    public func incomingMove() async throws(JournalError) -> IncomingMoveRecord? {
        try await read("read the incoming move") { try SavedValue.incomingMove.read(from: $0) }
    }

    public func setIncomingMove(_ move: IncomingMoveRecord?) async throws(JournalError) {
        try await write("record the incoming move") { try SavedValue.incomingMove.write(move, to: $0) }
    }
}

/// What the data directories were when what is deployed last worked with them, by stack and name.
extension Journal {
    public func rememberedData() async throws(JournalError) -> [String: [String: DataMark]] {
        try await read("read what the data directories were") { try SavedValue.data.read(from: $0) ?? [:] }
    }

    /// Replaces what is known of those of `stack`.
    public func rememberData(_ marks: [String: DataMark], of stack: String) async throws(JournalError) {
        try await write("record what the data directories are") { database in
            var stacks = try SavedValue.data.read(from: database) ?? [:]
            stacks[stack] = marks.isEmpty ? nil : marks
            try SavedValue.data.write(stacks, to: database)
        }
    }
}
