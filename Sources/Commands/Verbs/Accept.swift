internal import ArgumentParser
internal import Journal
internal import Model

struct Accept: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "Accept one commit that this host does not believe; it is on record.",
        discussion: """
            For a commit that no allowed signer signed, or that does not contain what was accepted before, where commits \
            are verified. It holds for this commit alone, once, and for a day: until this or another commit is accepted. The next poll \
            follows it; 'fairlead history' tells who accepted it.

            Example: fairlead accept a1b2c3d4e5
            """)

    @Argument(help: "The commit, by the beginning of its id; in full where this host has not seen it yet.")
    var commit: String

    @OptionGroup var options: ConfigurationOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        guard try options.load(context).trust.verifiesCommits else {
            context.console.note("commits are not verified on this host: there is nothing to accept")
            return .success
        }
        let journal = try context.writableJournal(options)
        let id = try await id(in: journal)
        let ledger = TrustLedger(journal)
        let head = try await ledger.acceptedCommit()
        let base = if let head { head.commit } else { try await journal.deployedState()?.commit }
        let person = context.person
        let time = context.clock.now()
        try await ledger.record(LocalAcceptance(commit: id, from: base, person: person, time: time))
        // It may be signed well, and be refused for what a backup says.
        if head?.commit == id {
            let warrant = CommitWarrant(way: .acceptance, person: person, time: time)
            try await ledger.record(AcceptedCommit(commit: id, warrant: warrant))
        }
        for failure in try await journal.failures() where failure.commit == id {
            try await journal.forgetFailures(of: failure.key)
        }
        context.console.note("commit \(id.short) is accepted by \(person); the next poll follows it")
        return .success
    }

    private func id(in journal: Journal) async throws -> CommitID {
        let matches = try await journal.commits(matching: commit)
        guard matches.count <= 1 else { throw AmbiguousCommit(subject: commit, count: matches.count) }
        if let match = matches.first { return match.commit.id }
        guard let id = CommitID(commit) else { throw UnseenCommit(subject: commit) }
        return id
    }
}

/// A beginning that can be completed by nobody.
struct UnseenCommit: Actionable {
    let subject: String

    var message: String { "this host has seen no commit '\(subject)'" }
    var hint: String { "write its full id, or run 'fairlead reconcile' first" }
    var disposition: Disposition { .permanent }
}
