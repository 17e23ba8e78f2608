internal import ArgumentParser
internal import Journal
internal import Model

struct Suspend: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stop deploying until 'fairlead resume'.",
        discussion: """
            The stack keeps running; the repo is not polled. It outlasts a reboot. A deployment that is \
            running is not interrupted.

            Example: fairlead suspend --reason "storage is being replaced"
            """)

    @Option(help: "Why; shown by 'fairlead status'.")
    var reason: String

    @OptionGroup var options: ConfigurationOptions

    func validate() throws {
        guard !reason.allSatisfy(\.isWhitespace) else { throw ValidationError("--reason must not be empty") }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let journal = try context.writableJournal(options)
        let suspension = Suspension(reason: reason, since: context.clock.now())
        try await PauseMarker(options.load(context)).change(journal) { try await $0.suspend(suspension) }
        context.console.note("suspended; 'fairlead resume' lifts it")
        return .success
    }
}

struct Resume: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "Deploy again after 'fairlead suspend'.", discussion: "Example: fairlead resume")

    @OptionGroup var options: ConfigurationOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let journal = try context.writableJournal(options)
        let suspension = try await journal.suspension()
        if let suspension, suspension.kind != .suspended { return context.refuse(suspension) }
        try await PauseMarker(options.load(context)).change(journal) { try await $0.lift(.suspended) }
        guard suspension != nil else {
            context.console.note("nothing was suspended")
            return .success
        }
        let next = NextAttempt(of: try await journal.lastSeen()?.commit.id, try await journal.failures())
        context.console.note("resumed; " + next.words("deploys what is committed", context.chatterStyle))
        return .success
    }
}

extension CommandContext {
    /// What would start the stack, or let it be started, while somebody works on the host or another host may run it.
    func refuse(_ suspension: Suspension) -> ExitStatus {
        console.note("refused: this host is \(suspension.state); \(suspension.ending)".printable)
        return .held
    }

    /// The journal of the configured state directory; made now when there is none.
    func writableJournal(_ options: ConfigurationOptions) throws -> Journal {
        // A damaged journal is set aside by the daemon alone: it holds the lock.
        try Journal.open(at: options.load(self).journalFile, damaged: .refuse, now: clock.now)
    }
}

extension Suspension {
    /// Follows "this host is".
    fileprivate var state: String {
        switch kind {
        case .suspended: "suspended"
        case .maintenance: "in maintenance"
        case .foreign: "held back, since \(reason)"
        case .moved: "without its stack: \(reason)"
        }
    }
}
