public import ArgumentParser

/// A command that gets everything ambient handed in.
public protocol ContextCommand: AsyncParsableCommand {
    func run(in context: CommandContext) async throws -> ExitStatus
    /// Whether it works on state that only root may read.
    static var needsRoot: Bool { get }
}

extension ContextCommand {
    public static var needsRoot: Bool { true }

    public func run() async throws {
        let status = try await run(in: .process)
        if status != .success { throw ExitCode(status.rawValue) }
    }
}
