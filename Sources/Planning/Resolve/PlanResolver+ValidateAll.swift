public import Model

extension PlanResolver {
    /// What is wrong for any host and any size, warnings included, sorted by file and line; empty when all is well.
    ///
    /// Throws what the tree throws.
    public func validateAll() throws -> [PlanProblem] {
        let repository = try RepositoryIndex(tree)
        var found: Set<PlanProblem> = []
        var sizes: Set<String> = []
        for host in repository.hosts {
            try collect(&found) {
                let sources = try PlanSources(repository, host: host)
                sizes.formUnion([sources.size].compactMap(\.self))
                return try problems(of: sources, host: host, repository: repository)
            }
        }
        try collect(&found) {
            let plan = try PlanSources.document(Self.planFile, in: repository)
            return try problems(ofSizesBeside: sizes, plan: plan, repository: repository)
        }
        if repository.hosts.isEmpty { found.insert(Self.noHosts) }
        return found.sorted()
    }

    /// The same for one host only.
    public func validate(host: String) throws -> [PlanProblem] {
        let repository = try RepositoryIndex(tree)
        var found: Set<PlanProblem> = []
        try collect(&found) {
            try problems(
                of: PlanSources(repository, host: host), host: host, repository: repository)
        }
        return found.sorted()
    }

    /// What the plans of `hosts` can do without and hardly ever should: warnings, sorted. Only who looks a repo over hears
    /// of it, since it is no news at each deployment. What is wrong besides is left out.
    ///
    /// Throws what the tree throws.
    public func omissions(of hosts: [String]) throws -> [PlanProblem] {
        let repository = try RepositoryIndex(tree)
        var found: Set<PlanProblem> = []
        for host in hosts {
            guard let sources = try? PlanSources(repository, host: host) else { continue }
            let draft = try PlanDraft(sources, host: host, repository: repository)
            let known = Set(draft.log.problems)
            draft.checkOmissions()
            found.formUnion(Set(draft.log.problems).subtracting(known))
        }
        return found.sorted()
    }

    /// A size that no host has chosen yet still has to make a whole plan.
    private func problems(
        ofSizesBeside used: Set<String>, plan: JSONDocument, repository: RepositoryIndex
    ) throws -> [PlanProblem] {
        let host = repository.hosts.first ?? "localhost"
        var sizes: Set<String?> = Set((plan.value["sizes"]?.object ?? [:]).keys).subtracting(used)
        // Without any host the plan itself still has to be looked at.
        if repository.hosts.isEmpty { sizes.insert(plan.value["size"]?.string) }
        return try sizes.flatMap { size in
            try problems(of: PlanSources(plan: plan, size: size), host: host, repository: repository)
        }
    }

    private func problems(
        of sources: PlanSources, host: String, repository: RepositoryIndex
    ) throws -> [PlanProblem] {
        let draft = try PlanDraft(sources, host: host, repository: repository)
        try draft.check(policy: policy)
        return draft.log.problems
    }

    private func collect(_ found: inout Set<PlanProblem>, _ work: () throws -> [PlanProblem]) throws {
        do {
            found.formUnion(try work())
        } catch let problems as PlanProblems {
            found.formUnion(problems.problems)
        }
    }

    private static let noHosts = PlanProblem(
        file: hostDirectory, message: "the repo has no hosts",
        hint: "add 'hosts/NAME.json' with '{}' for the host that the plan is for")
}
