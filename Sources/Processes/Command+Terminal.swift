internal import Glibc
internal import Subprocess
internal import SystemPackage

extension Command {
    /// Runs a program that talks with the person at this process's terminal, such as an editor, to its end, however long
    /// that takes; returns its status. `input`, `deadline` and `outputLimit` do not count.
    public func runInTerminal() async throws(CommandFailure) -> Int32 {
        let variables = environment.map { (Environment.Key(stringLiteral: $0), $1) }
        do {
            let result = try await Subprocess.run(
                .path(FilePath(executable)), arguments: Arguments(arguments),
                environment: .custom(Dictionary(uniqueKeysWithValues: variables)),
                workingDirectory: workingDirectory.map { FilePath($0) },
                input: .fileDescriptor(.standardInput, closeAfterSpawningProcess: false),
                output: .fileDescriptor(.standardOutput, closeAfterSpawningProcess: false),
                error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false))
            switch result.terminationStatus {
            case .exited(let status): return status
            case .signaled(let number): throw failed(.signalled(number))
            }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw failed(.notStarted("\(error)"))
        }
    }

    private func failed(_ reason: CommandFailure.Reason) -> CommandFailure {
        CommandFailure(command: executable, reason: reason, tail: "")
    }
}

/// The signals that a terminal, or whoever ends a session, sends.
public enum TerminalSignals {
    /// Runs `body` to its end whatever is typed: ^C is for the program that it runs, and this process cleans up after it.
    public static func outlived<Result>(by body: () async throws -> Result) async rethrows -> Result {
        // A handler, not SIG_IGN: programs would inherit that.
        let signals = [SIGINT, SIGQUIT, SIGTERM, SIGHUP]
        let handlers = signals.map { signal($0) { _ in } }
        defer { for (number, handler) in zip(signals, handlers) { signal(number, handler) } }
        return try await body()
    }
}
