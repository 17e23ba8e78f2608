internal import ArgumentParser
internal import Journal
internal import Planning

struct Adopt: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the state and data of another machine this one's.",
        discussion: """
            Fairlead notes in its state and in the data root which machine they belong to. On another one, where a disk \
            was moved or a copy was started, it does nothing until this command: two machines must not run one host of \
            the customer repo. See first that the other machine is off, or no longer runs the stack.

            Example: fairlead adopt
            """)

    @OptionGroup var options: ConfigurationOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let logger = ProgressDisplay(context).logger
        return try await HostComposition.with(options.load(context), in: context, logger: logger) { host in
            let gate = host.gate("fairlead adopt")
            let journal = try await host.openUnguardedJournal(gate)
            let former = try await gate.withExclusion(for: "adopt") { try await MachineGuard(host, journal).adopt() }
            guard !former.isEmpty else {
                context.console.note("state and data are this machine's already")
                return .success
            }
            for mark in former {
                context.console.result("adopted from host '\(mark.host)', machine \(mark.machine)".printable)
            }
            if let suspension = try await journal.suspension() {
                context.console.note(
                    "still held back: \(suspension.reason); \(suspension.ending)".printable)
            } else {
                let next = NextAttempt(
                    of: try await journal.lastSeen()?.commit.id, try await journal.failures())
                context.console.note(next.words("deploys what is committed", context.chatterStyle))
            }
            return .success
        }
    }
}
