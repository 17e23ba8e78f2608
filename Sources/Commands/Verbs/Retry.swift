internal import ArgumentParser
internal import Journal
internal import Planning

struct Retry: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lift the remembered failure of a plan, so that it is tried again.",
        discussion: """
            A plan that failed is remembered and not tried again for ever. After the cause is mended, this lifts it; \
            the next poll tries the plan.

            Example: fairlead retry
            """)

    @OptionGroup var options: ConfigurationOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let journal = try context.writableJournal(options)
        if try await journal.suspension()?.kind == .maintenance { return context.refuseInMaintenance() }
        let failures = try await journal.failures()
        guard !failures.isEmpty else {
            context.console.note("no failure is remembered")
            return .success
        }
        try await journal.forgetFailures(of: nil)
        for failure in failures {
            context.console.note("lifted: commit \(failure.commit.short): \(failure.message)".printable)
        }
        return .success
    }
}
