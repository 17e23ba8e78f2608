public import ArgumentParser

/// A command that gets everything ambient handed in.
public protocol ContextCommand: AsyncParsableCommand {
    func run(in context: CommandContext) async throws -> ExitStatus
}

extension ContextCommand {
    public func run() async throws {
        let status = try await run(in: .process)
        if status != .success { throw ExitCode(status.rawValue) }
    }
}
