internal import ArgumentParser
internal import HostSystem
internal import Journal
internal import Model

struct Retry: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lift the remembered failure of a plan, so that it is tried again.",
        discussion: """
            A plan that failed is remembered and not tried again for ever. After the cause is mended, this lifts it; \
            the next poll tries the plan. So it does for a container that the health check restarted in vain.

            Example: fairlead retry
            """)

    @OptionGroup var options: ConfigurationOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let journal = try context.writableJournal(options)
        if let suspension = try await journal.suspension(), !suspension.kind.standing.allowsRetry {
            return context.refuse(suspension)
        }
        let host = HostSystem(configuration: try options.load(context).hostConfiguration(context.environment))
        let failures = try await journal.failures()
        let givenUp = host.containersGivenUp().sorted()
        guard !failures.isEmpty || !givenUp.isEmpty else {
            context.console.note("no failure is remembered")
            return .success
        }
        try await journal.liftFailures()
        for line in failures.flatMap(\.liftedLines) { context.console.note(line) }
        for container in givenUp {
            try host.takeUpAgain(container)
            context.console.note("lifted: the health check had given up on container '\(container)'".printable)
        }
        return .success
    }
}

extension FailedPlan {
    /// A refused plan has a line for each of its problems.
    fileprivate var liftedLines: [String] {
        let lines = message.split(separator: "\n").map { String($0).printable }
        let what = key.work ?? "commit \(commit.short)"
        guard lines.count > 1 else { return ["lifted: \(what): \(lines.first ?? "")"] }
        return ["lifted: \(what):"] + lines.map { "  \($0)" }
    }
}
