internal import Subprocess
internal import SystemPackage

/// What a program left behind.
public struct CommandResult: Sendable {
    /// 0 to 255.
    public let status: Int32
    public let output: [UInt8]
    /// The end of its standard error.
    public let errorTail: String

    public var text: String { String(decoding: output, as: UTF8.self) }
}

extension Command {
    /// Runs it to a successful end and returns what it wrote.
    public func run() async throws(CommandFailure) -> CommandResult {
        let result = try await runToEnd()
        guard result.status == 0 else { throw failure(.exited(result.status), result.errorTail) }
        return result
    }

    /// Runs it to its end, whatever its status. Cancellation kills it with everything that it started.
    public func runToEnd() async throws(CommandFailure) -> CommandResult {
        let ended: Ended
        do {
            ended = try await beforeDeadline()
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw failure(.notStarted("\(error)"), "")
        }
        switch ended.status {
        case .exited(let status):
            return CommandResult(status: status, output: ended.output, errorTail: ended.errorTail)
        case .signaled(let signal): throw failure(.signalled(signal), ended.errorTail)
        }
    }

    private struct Ended: Sendable {
        let status: TerminationStatus
        let output: [UInt8]
        let errorTail: String
    }

    private func beforeDeadline() async throws -> Ended {
        try await withThrowingTaskGroup(of: Ended?.self) { group in
            group.addTask { try await execute() }
            group.addTask {
                try await Task.sleep(for: deadline)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let ended = first else {
                throw failure(.deadline(deadline), "")
            }
            return ended
        }
    }

    private func execute() async throws -> Ended {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .milliseconds(500))
        ]
        let result = try await Subprocess.run(
            .path(FilePath(executable)), arguments: Arguments(arguments),
            environment: .custom(Dictionary(uniqueKeysWithValues: environment.map { (.init(stringLiteral: $0), $1) })),
            workingDirectory: workingDirectory.map { FilePath($0) }, platformOptions: options, input: .inputWriter,
            output: .sequence, error: .sequence
        ) { execution in
            async let fed: Void = feed(execution.standardInputWriter)
            async let tail = Self.tail(of: execution.standardError)
            let output = try await collect(execution.standardOutput)
            await fed
            return try await (output, tail)
        }
        let (output, tail) = result.closureResult
        return Ended(status: result.terminationStatus, output: output, errorTail: tail)
    }

    private func collect(_ sequence: SubprocessOutputSequence) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await buffer in sequence {
            buffer.withUnsafeBytes { bytes.append(contentsOf: $0) }
            guard bytes.count <= outputLimit else { throw failure(.outputLimit(outputLimit), "") }
        }
        return bytes
    }

    /// The last 2 KiB as one line.
    static func tail(of sequence: SubprocessOutputSequence) async throws -> String {
        var bytes: [UInt8] = []
        for try await buffer in sequence {
            buffer.withUnsafeBytes { bytes.append(contentsOf: $0) }
            if bytes.count > 64 << 10 { bytes.removeFirst(bytes.count - 2048) }
        }
        return String(decoding: bytes.suffix(2048), as: UTF8.self)
            .split(whereSeparator: \.isNewline).joined(separator: " | ")
    }

    private func failure(_ reason: CommandFailure.Reason, _ tail: String) -> CommandFailure {
        CommandFailure(command: ([executable] + arguments).joined(separator: " "), reason: reason, tail: tail)
    }
}
