internal import AsyncHTTPClient
internal import FoundationEssentials
internal import Glibc
internal import Model
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

extension EngineClient {
    /// Runs a check in the container; past the time-out its processes are killed.
    func run(_ command: [String], in id: String, _ timeout: PlanDuration) async throws -> ProbeResult {
        let action = "run the check in container '\(id.prefix(12))'"
        let creation = Route(.post, "/containers/\(Route.encoded(id))/exec", action)
        let exec = try await transport.call(try creation.with(json: ExecRequest(command: command)))
            .decoded(CreatedAnswer.self, action).id
        do {
            let output = try await output(of: exec, timeout, action)
            let state = try await state(of: exec, action)
            await dismissMonitor(ofCommand: exec)
            if state.running { return .unhealthy("it is still running although its output ended") }
            return state.exitCode == 0 ? .healthy : .unhealthy(Self.words(exitCode: state.exitCode ?? -1, output))
        } catch {
            await end(exec, in: id, action)
            throw error
        }
    }

    private func output(
        of exec: String, _ timeout: PlanDuration, _ action: String
    ) async throws(EngineError) -> MultiplexedOutput {
        let route = try Route(.post, "/exec/\(exec)/start", action).with(json: ExecStart())
        return try await Deadline.run(timeout.duration, action) { [transport] _ in
            let response = try await transport.open(route)
            var bytes: [UInt8] = []
            for try await piece in response.body where bytes.count < 1 << 20 {
                bytes.append(contentsOf: piece.readableBytesView)
            }
            guard response.status == .ok || response.status == .switchingProtocols else {
                throw EngineError(answer: Answer(status: Int(response.status.code), body: bytes), action)
            }
            return MultiplexedOutput(bytes)
        }
    }

    private func state(of exec: String, _ action: String) async throws(EngineError) -> ExecAnswer {
        try await transport.call(Route(.get, "/exec/\(exec)/json", action), as: ExecAnswer.self)
    }

    /// The API cannot end a command. It leads a session of its own, whose processes are in the container's group of
    /// processes; that is looked at so that no other process with that number is met.
    private func end(_ exec: String, in id: String, _ action: String) async {
        guard let state = try? await state(of: exec, action), state.running, let pid = state.pid, pid > 1,
            let groups = ProcessFile.read("cgroup", of: pid),
            String(decoding: groups, as: UTF8.self).contains(id), getpgid(pid) == pid
        else { return }
        kill(-pid, SIGKILL)
        await dismissMonitor(ofCommand: exec)
    }

    private static func words(exitCode: Int, _ output: MultiplexedOutput) -> String {
        let text = output.text(last: 512).split(whereSeparator: \.isNewline).suffix(5).joined(separator: " | ")
        return "exit code \(exitCode)" + (text.isEmpty ? "" : ": \(text)")
    }
}

private struct ExecRequest: Encodable {
    let command: [String]
    let output = true
    let errors = true

    enum CodingKeys: String, CodingKey {
        case command = "Cmd"
        case output = "AttachStdout"
        case errors = "AttachStderr"
    }
}

private struct ExecStart: Encodable {
    let detached = false
    let terminal = false

    enum CodingKeys: String, CodingKey {
        case detached = "Detach"
        case terminal = "Tty"
    }
}

private struct ExecAnswer: Decodable, Sendable {
    let running: Bool
    /// Some engines tell none while it runs.
    let exitCode: Int?
    let pid: Int32?

    enum CodingKeys: String, CodingKey {
        case running = "Running"
        case exitCode = "ExitCode"
        case pid = "Pid"
    }
}
