internal import Model
internal import Processes

/// Starts Fairlead by systemd.
struct ServiceStart: Sendable {
    /// Where programs are looked for.
    var commandPath = Command.plainEnvironment["PATH"] ?? ""

    /// An engine that does not start is found by the trial.
    func startEngine() async { _ = await systemctl("start", "\(EngineProduct.presumed.traits.service.unit).socket") }

    /// Now and at each boot.
    func start(_ transcript: SetupTranscript) async throws {
        _ = await systemctl("daemon-reload")
        _ = await systemctl("--quiet", "enable", "fairlead")
        // One that runs already may have been started with another configuration or by an older package.
        let runs = await systemctl("--quiet", "is-active", "fairlead")
        guard await !systemctl(runs ? "restart" : "start", "fairlead") else { return }
        transcript.complain(await lastLines())
        throw SetupError(
            "the service does not start",
            hint: "the lines above are from 'journalctl --unit fairlead'; fix what they say, then run the same line "
                + "again")
    }

    /// Whether it did.
    private func systemctl(_ arguments: String...) async -> Bool {
        guard let program = Command.find("systemctl", path: commandPath) else { return false }
        // A daemon has two minutes to stop, and two to start.
        let command = Command(program, arguments, deadline: .seconds(300))
        return (try? await command.runToEnd().status) == 0
    }

    private func lastLines() async -> [String] {
        guard let program = Command.find("journalctl", path: commandPath) else { return [] }
        let command = Command(
            program, ["--unit", "fairlead", "--no-pager", "--lines", "15", "--output", "cat"], deadline: .seconds(20))
        let text = (try? await command.runToEnd())?.text ?? ""
        return text.split(whereSeparator: \.isNewline).map(String.init)
    }
}
