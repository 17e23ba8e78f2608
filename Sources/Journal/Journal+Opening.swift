internal import GRDB
public import Model

/// What `Journal.open` does with a damaged journal.
public enum DamagePolicy: Sendable {
    /// Moves it out of the way and begins a new one. Only for the holder of the host lock: another process
    /// could still be writing to it.
    case setAside
    case refuse
}

extension Journal {
    /// Opens the journal at `path` for writing: made when there is none, checked, brought to this version's form.
    ///
    /// A damaged one is moved to `PATH.corrupt-DATE`; `setAside` says so. One of a newer version is refused.
    public static func open(
        at path: String, damaged: DamagePolicy = .setAside, now: @escaping @Sendable () -> Timestamp
    ) throws(JournalError) -> Journal {
        let file = JournalFile(path: path)
        do {
            let database = try connect(to: file)
            try closeEvidence(database, now())
            return Journal(database: database, now: now, setAside: nil)
        } catch {
            guard error.kind == .damaged, damaged == .setAside else { throw error }
            return try replace(file, problem: error.message, now: now)
        }
    }

    /// Opens the journal at `path` for reading; works while another process writes, and where nothing can be written.
    public static func openReadOnly(at path: String) throws(JournalError) -> Journal {
        guard JournalFile(path: path).exists else { throw JournalError.missing(path) }
        do {
            return try readable(path)
        } catch {
            throw JournalError("read the journal '\(path)'", error)
        }
    }

    private static func readable(_ path: String) throws -> Journal {
        var configuration = shared
        configuration.readonly = true
        var queue: DatabaseQueue
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.read { try checkReadable($0, path: path) }
        } catch let error where JournalCopy.helps(against: error) {
            // Where not even that can be read, the first reason is the better one.
            guard let copy = try? JournalCopy(path: path).loaded(shared) else { throw error }
            queue = copy
            try queue.read { try checkReadable($0, path: path) }
        }
        return Journal(database: queue, now: { Timestamp(milliseconds: 0) }, setAside: nil)
    }

    /// What a migration brought into the chain, or another program left open.
    private static func closeEvidence(_ database: DatabaseQueue, _ time: Timestamp) throws(JournalError) {
        do {
            try database.write { database in
                try EvidenceChain.markForeign(in: database, at: time)
                try EvidenceChain.seal(in: database, at: time)
            }
        } catch {
            throw JournalError("close the chain of the journal", error)
        }
    }

    private static var shared: Configuration {
        var configuration = Configuration()
        configuration.label = "journal"
        configuration.busyMode = .timeout(10)
        return configuration
    }

    private static func connect(to file: JournalFile) throws(JournalError) -> DatabaseQueue {
        do {
            try file.createIfMissing()
            // Alone: of two processes that bring one file to its form, each would find the other's half-done work.
            return try file.alone { try prepared(file) }
        } catch {
            throw JournalError("open the journal '\(file.path)'", error)
        }
    }

    private static func prepared(_ file: JournalFile) throws -> DatabaseQueue {
        var configuration = shared
        configuration.journalMode = .wal
        let queue = try DatabaseQueue(path: file.path, configuration: configuration)
        try queue.writeWithoutTransaction { database in
            // GRDB chooses NORMAL with WAL: the last recorded steps could be gone after a power cut.
            try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 4194304")
            try checkIntegrity(database)
            guard try !JournalSchema.migrator.hasBeenSuperseded(database) else {
                throw JournalError.newer(file.path)
            }
        }
        try JournalSchema.migrator.migrate(queue)
        return queue
    }

    private static func checkIntegrity(_ database: Database) throws {
        let problem = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "no answer"
        guard problem == "ok" else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: problem) }
    }

    private static func checkReadable(_ database: Database, path: String) throws {
        guard try database.tableExists("grdb_migrations") else { throw JournalError.missing(path) }
        guard try !JournalSchema.migrator.hasBeenSuperseded(database) else { throw JournalError.newer(path) }
        guard try JournalSchema.migrator.hasCompletedMigrations(database) else { throw JournalError.older(path) }
    }

    private static func replace(
        _ file: JournalFile, problem: String, now: @escaping @Sendable () -> Timestamp
    ) throws(JournalError) -> Journal {
        do {
            let aside = SetAsideJournal(path: try file.setAside(at: now()), time: now(), problem: problem)
            let queue = try connect(to: file)
            // Kept, so that `status` can still tell after the daemon's log is gone.
            try queue.write { try SavedValue.setAside.write(aside, to: $0) }
            return Journal(database: queue, now: now, setAside: aside)
        } catch {
            throw JournalError("replace the damaged journal '\(file.path)'", error)
        }
    }
}

extension JournalError {
    static func missing(_ path: String) -> Self {
        Self(
            .missing, "there is no journal at '\(path)' yet", hint: "fairlead has not run on this host; start it first")
    }

    static func newer(_ path: String) -> Self {
        Self(
            .newer, "the journal '\(path)' was written by a newer version of fairlead",
            hint: "install that version again, or move the journal away to begin a new one")
    }

    static func older(_ path: String) -> Self {
        Self(
            .older, "the journal '\(path)' was written by an older version of fairlead",
            hint: "restart the fairlead service: it brings the journal to the new form")
    }
}
