public import Model

/// Makes the resolved plan of a host from the files of a customer repo.
///
/// Pure: equal trees, hosts and policies give equal results.
public struct PlanResolver: Sendable {
    public static let planFile = "plan.json"
    public static let hostDirectory = "hosts"

    /// In place of a section: there is meant to be none.
    static let none = "none"

    let tree: any SourceTree
    let policy: VSNPolicy?
    let digests: DigestMemory?

    /// Without a policy nothing is refused by policy, as in the CI of a customer repo. `digests` is shared by resolvers of
    /// trees that have most of their files in common.
    public init(tree: any SourceTree, policy: VSNPolicy?, digests: DigestMemory? = nil) {
        self.tree = tree
        self.policy = policy
        self.digests = digests
    }

    /// Throws `PlanProblems`, all of them at once, when the plan cannot be deployed; errors of the tree itself
    /// (a mirror that cannot be read) are thrown as they are, since they say nothing about the plan.
    public func resolve(host: String) throws -> Resolution {
        let draft = try checkedDraft(of: host)
        return Resolution(
            plan: draft.plan, warnings: draft.log.problems.sorted(), secretReferences: draft.plan.secretReferences)
    }

    /// The plan as far as it can be read, whatever is wrong with it: for comparing single fields of a commit that could
    /// not be deployed. `nil` when it, or the host's entry, is missing or no JSON.
    public func readablePlan(host: String) throws -> ResolvedPlan? {
        do {
            return try draft(of: host, checksShape: false).plan
        } catch is PlanProblems {
            return nil
        }
    }

    /// The plan of `host` for people to read. Throws as `resolve` does.
    public func document(host: String) throws -> PlanDocument {
        try checkedDraft(of: host).document
    }

    /// The plan of `host` in both forms, for who compares two states of it. Throws as `resolve` does.
    public func comparable(host: String) throws -> ComparablePlan {
        let draft = try checkedDraft(of: host)
        // All of it: a rule may name what only says how the plan is made, such as a variable, or that a container is inactive.
        return ComparablePlan(resolved: draft.plan, written: draft.root.value)
    }

    private func checkedDraft(of host: String) throws -> PlanDraft {
        let draft = try draft(of: host)
        try draft.check(policy: policy)
        guard !draft.log.problems.contains(where: { $0.severity == .error }) else {
            throw PlanProblems(draft.log.problems)
        }
        return draft
    }

    private func draft(of host: String, checksShape: Bool = true) throws -> PlanDraft {
        let repository = try RepositoryIndex(tree, digests: digests)
        let sources = try PlanSources(repository, host: host)
        return try PlanDraft(sources, host: host, repository: repository, checksShape: checksShape)
    }

    /// The names of the host entries, sorted.
    public func hosts() throws -> [String] { try RepositoryIndex(tree).hosts }
}

extension RepositoryIndex {
    var hosts: [String] {
        entries(below: PlanResolver.hostDirectory).map { $0.path.dropFirst(PlanResolver.hostDirectory.count + 1) }
            .filter { $0.hasSuffix(".json") && !$0.contains("/") && $0.count > 5 }.map { String($0.dropLast(5)) }
    }
}
