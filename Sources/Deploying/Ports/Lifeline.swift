public import Model

/// What a host needs so that another commit can mend what this one did.
public protocol Lifeline: Sendable {
    /// Addresses that the host needs for itself and for `plan`, and whose they are.
    func neededAddresses(for plan: ResolvedPlan) async -> [NeededAddress]
    /// Why the git server does not answer; `nil` when it does, whatever it says.
    func obstacleToRepository() async -> String?
}
