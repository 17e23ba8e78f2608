/// The engine's command line program, as cron jobs call it when Fairlead is not there.
public struct EngineProgram: Sendable {
    /// `podman` or `docker`.
    public var name: String
    /// Beside a plain one.
    public var environment: [String: String]

    public init(name: String = "podman", environment: [String: String] = [:]) {
        self.name = name
        self.environment = environment
    }
}
