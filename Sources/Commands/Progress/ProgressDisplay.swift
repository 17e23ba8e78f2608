internal import Deploying
internal import Logging

/// Shows what deployments do while a command runs: live on a terminal, line by line elsewhere.
struct ProgressDisplay: Sendable {
    let observer: any DeploymentObserver
    let logger: Logger
    private let live: LiveProgress?

    init(_ context: CommandContext) {
        let console = context.console
        live = console.chatterIsTerminal ? LiveProgress(console: console, style: context.chatterStyle) : nil
        observer = live ?? PlainProgress(console: console, clock: context.clock)
        let write: @Sendable (String) -> Void
        if let live {
            write = { live.print([$0.trimmingSpaces]) }
        } else {
            write = console.writeChatter
        }
        let handler = LineLogHandler(level: .warning, form: .plain, clock: context.clock, write: write)
        logger = Logger(label: "fairlead") { _ in handler }
    }

    /// Runs `work` while the display moves.
    func during<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
        guard let live else { return try await work() }
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                await live.animate()
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
}
