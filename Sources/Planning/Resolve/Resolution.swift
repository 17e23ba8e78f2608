public import Model

/// What a host's plan amounts to.
public struct Resolution: Hashable, Sendable {
    public var plan: ResolvedPlan
    /// Sorted by file and line; none of them an error.
    public var warnings: [PlanProblem]
    /// Names of the secrets that the plan refers to, sorted.
    public var secretReferences: [String]

    public init(plan: ResolvedPlan, warnings: [PlanProblem] = [], secretReferences: [String] = []) {
        self.plan = plan
        self.warnings = warnings
        self.secretReferences = secretReferences
    }
}

extension ResolvedPlan {
    /// Names of the secrets that it refers to, sorted.
    public var secretReferences: [String] {
        let logins = registries.values.flatMap { [$0.username, $0.password] }
        let texts =
            logins + containers.values.flatMap(\.environment.values)
            + channels.flatMap(\.credentials) + (backup?.secretTexts ?? [])
        let files = containers.values.flatMap(\.secretFiles).map(\.secret)
        return Set(texts.flatMap(\.references) + files).sorted()
    }
}
