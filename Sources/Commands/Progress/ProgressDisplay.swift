internal import Deploying
internal import Logging
internal import UnixSignals

/// Shows what deployments do while a command runs: live on a terminal, line by line elsewhere.
struct ProgressDisplay: Sendable {
    let observer: any DeploymentObserver
    let logger: Logger
    private let live: LiveProgress?
    private let interruption: Interruption
    private let context: CommandContext

    init(_ context: CommandContext) {
        let console = context.console
        live = console.chatterIsTerminal ? LiveProgress(console: console, style: context.chatterStyle) : nil
        interruption = Interruption(passingOnTo: live ?? PlainProgress(console: console, clock: context.clock))
        observer = interruption
        self.context = context
        let write: @Sendable (String) -> Void
        if let live {
            write = { live.print([$0.trimmingSpaces]) }
        } else {
            write = console.writeChatter
        }
        let handler = LineLogHandler(level: .notice, form: .plain, clock: context.clock, write: write)
        logger = Logger(label: "fairlead") { _ in handler }
    }

    /// Runs `work` while the display moves, and answers Ctrl-C. Throws `CancellationError` when that ended it.
    func during<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                await live?.animate()
                return nil
            }
            group.addTask {
                try await heedSignals()
                return nil
            }
            group.addTask { try await work() }
            defer { group.cancelAll() }
            while let ended = try await group.next() {
                if let result = ended { return result }
            }
            throw CancellationError()
        }
    }

    /// Returns when it is cancelled; throws `CancellationError` when a signal ends the work.
    private func heedSignals() async throws {
        let signals = context.trappedSignals
        guard !signals.isEmpty else { return }
        for await _ in await UnixSignalsSequence(trapping: signals) {
            switch interruption.answer() {
            case .finishFirst:
                tell("the stack is being changed: this is finished first; Ctrl-C again breaks it off")
            case .end:
                if interruption.leavesWork {
                    tell("broken off; the next 'fairlead reconcile', or the daemon, finishes it")
                }
                throw CancellationError()
            }
        }
    }

    private func tell(_ line: String) {
        if let live { live.print([line]) } else { context.console.note(line) }
    }
}
