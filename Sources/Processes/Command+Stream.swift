internal import Subprocess
internal import SystemPackage

/// What a running program writes on its standard output, chunk by chunk. Read it once, to its end.
public struct ProgramOutput: AsyncSequence, Sendable {
    let chunks: SubprocessOutputSequence

    public struct AsyncIterator: AsyncIteratorProtocol {
        var base: SubprocessOutputSequence.AsyncIterator

        public mutating func next() async throws -> [UInt8]? {
            try await base.next()?.withUnsafeBytes { Array($0) }
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: chunks.makeAsyncIterator()) }
}

extension Command {
    /// Runs it to a successful end while `consume` reads what it writes; `outputLimit` does not apply.
    ///
    /// When both fail, the program's failure is thrown: it is the cause of what the consumer met. A consumer that
    /// fails first ends the program.
    public func stream<Result: Sendable>(
        _ consume: @escaping @Sendable (ProgramOutput) async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await consumed(by: consume) }
            group.addTask {
                try await Task.sleep(for: deadline)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let result = first else {
                throw CommandFailure(command: line, reason: .deadline(deadline), tail: "")
            }
            return result
        }
    }

    private func consumed<Result: Sendable>(
        by consume: @escaping @Sendable (ProgramOutput) async throws -> Result
    ) async throws -> Result {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .milliseconds(500))
        ]
        let ended = try await Subprocess.run(
            .path(FilePath(executable)), arguments: Arguments(arguments),
            environment: .custom(Dictionary(uniqueKeysWithValues: environment.map { (.init(stringLiteral: $0), $1) })),
            workingDirectory: workingDirectory.map { FilePath($0) }, platformOptions: options, input: .inputWriter,
            output: .sequence, error: .sequence
        ) { execution -> (Swift.Result<Result, any Error>, String) in
            async let fed: Void = feed(execution.standardInputWriter)
            async let tail = Self.tail(of: execution.standardError)
            do {
                let result = try await consume(ProgramOutput(chunks: execution.standardOutput))
                await fed
                return (.success(result), try await tail)
            } catch {
                // Nobody reads any more: without this the program would wait for ever on a full pipe. No polite
                // signal: a program that catches it exits with a status that looks like its own failure.
                try? execution.send(signal: .kill, toProcessGroup: true)
                return (.failure(error), try await tail)
            }
        }
        let (result, tail) = ended.closureResult
        if case .exited(let status) = ended.terminationStatus, status != 0 {
            throw CommandFailure(command: line, reason: .exited(status), tail: tail)
        }
        return try result.get()
    }

    private var line: String { ([executable] + arguments).joined(separator: " ") }
}
