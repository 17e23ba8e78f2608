internal import Planning
internal import Processes

/// The host's own side: data directories, secrets, free space, ports, stable storage.
public struct HostSystem: Sendable {
    public let configuration: HostConfiguration
    /// Host ports that containers of this stack hold now: they are given up before the new ones start.
    let ownPorts: @Sendable () async -> Set<UInt16>
    /// What cron jobs ask for containers.
    let engineProgram: @Sendable () async -> EngineProgram
    /// Shorter in tests of servers that do not answer.
    package var mailDeadlines = MailDeadlines()

    public init(
        configuration: HostConfiguration = HostConfiguration(),
        ownPorts: @escaping @Sendable () async -> Set<UInt16> = { [] },
        engineProgram: @escaping @Sendable () async -> EngineProgram = { EngineProgram() }
    ) {
        self.configuration = configuration
        self.engineProgram = engineProgram
        self.ownPorts = ownPorts
    }

    /// The absolute path of a program.
    func command(_ name: String) throws(HostError) -> String {
        guard let path = Command.find(name, path: configuration.commandPath) else { throw HostError.notInstalled(name) }
        return path
    }

    /// Makes everything that the engine wrote, and the state directory, survive a power cut.
    ///
    /// Podman does not sync its storage: a cut within half a minute of a pull leaves images that are listed but empty.
    public func syncEngineStorage() async throws(HostError) {
        let sync = try command("sync")
        // The tool, since its process can be given up when a dying disk does not answer; a thread cannot.
        for path in configuration.engineStorage + [configuration.stateDirectory] {
            do {
                _ = try await Command(sync, ["-f", path], deadline: .seconds(120)).run()
            } catch {
                throw HostError(
                    "cannot sync the file system of '\(path)': \(error)",
                    hint: "check that the path is right and its disk healthy; see 'journalctl -k'",
                    disposition: .transient)
            }
        }
    }
}
