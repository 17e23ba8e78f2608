internal import Model

/// Makes the network of a stack of which nothing runs any more: what passes within moments, as when the engine is busy,
/// does not end the deployment, after which nothing would run until its next try.
struct NetworkCreation: Sendable {
    let networks: any NetworkControl
    /// Before each further attempt.
    var pauses = [Duration.seconds(1), .seconds(3)]

    /// `between` hears why it is tried once more, and throws where it is not to be.
    func create(
        name: String, as plan: NetworkPlan, labels: [String: String], resolvesNames: Bool,
        between: (any Error) throws -> Void
    ) async throws {
        for pause in pauses {
            do {
                return try await networks.createNetwork(
                    name: name, as: plan, labels: labels, resolvesNames: resolvesNames)
            } catch let error as any Actionable where error.mayPass {
                try between(error)
                try await Task.sleep(for: pause)
                // The engine may have made it after all, or half of it; no container is in it yet.
                try? await networks.removeNetwork(name)
            }
        }
        try await networks.createNetwork(name: name, as: plan, labels: labels, resolvesNames: resolvesNames)
    }
}
