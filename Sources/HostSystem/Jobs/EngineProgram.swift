/// The engine's command line program, as cron jobs call it when Fairlead is not there.
public struct EngineProgram: Sendable {
    /// `podman` or `docker`.
    public var name: String
    /// Beside a plain one.
    public var environment: [String: String]

    /// Beside `environment`, where the engine's service shall do the work: Fairlead's own unit may not enter a container
    /// or change a control group.
    public var service: [String: String]

    public init(name: String = "podman", environment: [String: String] = [:], service: [String: String] = [:]) {
        self.name = name
        self.environment = environment
        self.service = service
    }
}
