public import Files
public import Model
package import Processes

/// The host's own side: data directories, secrets, free space, ports, stable storage.
public struct HostSystem: Sendable {
    public let configuration: HostConfiguration
    /// Host ports that containers of this stack hold now: they are given up before the new ones start.
    package let ownPorts: @Sendable () async -> Set<UInt16>
    /// The engine's program, for what its service does not offer.
    package let engineProgram: @Sendable () async -> EngineProgram

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
    package func command(_ name: String) throws(HostError) -> String {
        guard let path = Command.find(name, path: configuration.commandPath) else { throw HostError.notInstalled(name) }
        return path
    }

    /// A call of the engine's program that its service carries out; with `script`, of Bash with these arguments, which gets
    /// the call as further ones.
    package func engineCommand(_ arguments: [String], by script: [String] = []) async throws(HostError) -> Command {
        let engine = await engineProgram()
        let call = [try command(engine.name)] + arguments
        let whole = script.isEmpty ? call : ["/bin/bash"] + script + call
        return Command(
            whole[0], Array(whole.dropFirst()),
            environment: Command.plainEnvironment.merging(engine.environment) { $1 }.merging(engine.service) { $1 }
                .merging(["PATH": configuration.commandPath]) { $1 })
    }

    /// Makes everything that the engine wrote, and the state directory, survive a power cut.
    ///
    /// Podman does not sync its storage: a cut within half a minute of a pull leaves images that are listed but empty.
    public func syncEngineStorage() async throws(HostError) {
        for path in configuration.engineStorage + [configuration.stateDirectory] { try await syncFileSystem(of: path) }
    }
}
