internal import Files
internal import Model

/// What came of trying the targets of a plan, and which failures keep it from being deployed.
struct TargetTrial: Sendable {
    /// This host has used targets before.
    let hasHistory: Bool
    /// A target that answers has backups of the stack.
    var findsRuns = false
    var failures: [(name: String, digest: String, error: HostError)] = []

    init(hasHistory: Bool) { self.hasHistory = hasHistory }

    /// A host without a past, of a stack that has one, is a recovery: what took the old host may have taken a storage
    /// with it, and the data is in another one.
    var excused: [(name: String, digest: String, error: HostError)] {
        !hasHistory && findsRuns ? failures.filter { $0.error.mayPass } : []
    }

    var problems: [HostProblem] {
        let pardoned = Set(excused.map(\.name))
        return failures.filter { !pardoned.contains($0.name) }.map { failure in
            let way =
                failure.error.mayPass ? "; or take it out of 'backup.targets' until it is back" : ""
            return HostProblem(message: failure.error.message, hint: failure.error.hint + way)
        }
    }
}
