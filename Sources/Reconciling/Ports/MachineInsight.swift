public import Model

/// What a plan is held against on the machine that is to run it.
public protocol MachineInsight: Sendable {
    /// The key by which this machine is told from others: the line of its public half.
    func publicKey() async throws -> String
    /// What lies in data directories of any stack.
    func conditions(of places: Set<DataPlace>) async throws -> [DataPlace: DataCondition]
}
