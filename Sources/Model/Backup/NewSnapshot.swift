/// A copy of the data that is to be made, or data that is to be moved out of the way.
public struct NewSnapshot: Hashable, Sendable {
    public var deployment: Int64
    public var stack: String
    /// What wrote the data and counts as deployed.
    public var state: DeployedState?
    /// Those of `further` that are missing are noted as such.
    public var volumes: Set<String>
    public var further: Set<String>
    public var leftOut: Set<String>

    public init(
        deployment: Int64, stack: String, state: DeployedState?, volumes: Set<String> = [],
        further: Set<String> = [], leftOut: Set<String> = []
    ) {
        self.deployment = deployment
        self.stack = stack
        self.state = state
        self.volumes = volumes
        self.further = further
        self.leftOut = leftOut
    }
}
