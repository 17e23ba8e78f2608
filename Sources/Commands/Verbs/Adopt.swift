internal import ArgumentParser
internal import Files
internal import Journal
internal import Model

struct Adopt: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the state and data of another machine this one's, or take data directories as they are.",
        discussion: """
            Fairlead notes in its state and in the data root which machine they belong to. On another one, where a disk \
            was moved or a copy was started, it does nothing until this command: two machines must not run one host of \
            the customer repo. See first that the other machine is off, or no longer runs the stack.

            Fairlead also notes what each data directory is, and starts nothing on another one in its place, on one that \
            is missing, or on one that held data and is empty. Data that was copied to another disk is taken by this \
            command; what is missing or empty only where --data names it: it is made anew where it is missing, and what \
            is deployed starts with what is there.

            Example: fairlead adopt
            Example: fairlead adopt --data database
            """)

    @Option(help: "Take this data directory as it is now, whatever it was; can be repeated.")
    var data: [String] = []

    @OptionGroup var options: ConfigurationOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let logger = ProgressDisplay(context).logger
        return try await HostComposition.with(options.load(context), in: context, logger: logger) { host in
            let gate = host.gate("fairlead adopt")
            let journal = try await host.openUnguardedJournal(gate)
            let tookAny =
                try await data.isEmpty
                ? adoptMachine(host, journal, gate)
                : gate.withExclusion(for: "adopt") { try await adoptData(host, journal) }
            if tookAny { try await tellNext(journal, context) }
            return .success
        }
    }

    private func adoptData(_ host: HostComposition, _ journal: Journal) async throws -> Bool {
        for line in try await DataAdoption(host: host, journal: journal).take(Set(data)) {
            host.context.console.result(line.printable)
        }
        return true
    }

    /// Returns whether anything was another machine's, or lies elsewhere than before.
    private func adoptMachine(_ host: HostComposition, _ journal: Journal, _ gate: HostGate) async throws -> Bool {
        let console = host.context.console
        let (former, moved, left) = try await gate.withExclusion(for: "adopt") {
            let former = try await MachineGuard(host, journal)
                .adopt(by: host.context.person, at: host.context.clock.now())
            let (moved, left) = try await DataAdoption(host: host, journal: journal).takeMoved()
            return (former, moved, left)
        }
        for mark in former { console.result("adopted from host '\(mark.host)', machine \(mark.machine)".printable) }
        for line in moved { console.result(line.printable) }
        for name in left {
            let way = "where nothing is to be brought back: 'fairlead adopt --data \(name)'"
            console.note("data directory '\(name)' is missing, or holds nothing any more; \(way)".printable)
        }
        guard former.isEmpty, moved.isEmpty else { return true }
        console.note("state and data are this machine's already")
        return false
    }

    private func tellNext(_ journal: Journal, _ context: CommandContext) async throws {
        if let suspension = try await journal.suspension() {
            context.console.note("still held back: \(suspension.reason); \(suspension.ending)".printable)
        } else {
            let next = NextAttempt(of: try await journal.lastSeen()?.commit.id, try await journal.failures())
            context.console.note(next.words("deploys what is committed", context.chatterStyle))
        }
    }
}
