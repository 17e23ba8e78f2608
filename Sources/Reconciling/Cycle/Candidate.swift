internal import Deploying
public import Model
internal import Planning

/// What a commit asks for, ready to be compared and deployed.
public struct Candidate: Sendable {
    public let commit: Commit
    public let desired: DesiredState
    public let secrets: Secrets
    public let warnings: [PlanProblem]
    /// Compared with what is deployed.
    public internal(set) var changes: [PlanChange]
    /// The containers to replace; `nil` is the whole stack.
    public let replacing: Set<String>?
    /// The data directories that had other names before.
    public let moves: [DataMove]

    /// Whether the newest deployed state already is what the commit asks for.
    public var isDeployed: Bool { changes.isEmpty }
}

/// Reads candidates; acts on nothing.
public struct CandidateReader: Sendable {
    let source: any CommitSource
    let secrets: any SecretStore
    let machine: any MachineInsight
    let host: String
    let policy: VSNPolicy
    /// The only one that this host takes; any when `nil`.
    let stack: String?

    public init(
        source: any CommitSource, secrets: any SecretStore, machine: any MachineInsight, host: String,
        policy: VSNPolicy, stack: String? = nil
    ) {
        self.source = source
        self.secrets = secrets
        self.machine = machine
        self.host = host
        self.policy = policy
        self.stack = stack
    }

    /// What the files at a commit say, whether or not this host has the secrets that they refer to.
    public func plan(at id: CommitID) async throws -> ResolvedPlan {
        try resolution(of: try await source.tree(at: id), deployed: nil).plan
    }

    /// Resolves and checks the plan at `commit`, which is present locally. Throws `PlanProblems` for a bad plan.
    /// `lastDeployed` is the plan whose data directories are on this host, also where nothing counts as deployed.
    public func candidate(
        at id: CommitID, deployed: DeployedState?, lastDeployed: ResolvedPlan? = nil
    ) async throws -> Candidate {
        try await candidate(
            in: try await source.tree(at: id), as: try await source.commit(id), deployed: deployed,
            lastDeployed: lastDeployed)
    }

    /// The same for a tree from elsewhere, such as a directory that is to become a commit.
    public func candidate(
        in tree: any SourceTree, as commit: Commit, deployed: DeployedState?, lastDeployed: ResolvedPlan? = nil
    ) async throws -> Candidate {
        let resolution = try resolution(of: tree, deployed: deployed)
        return try await self.candidate(
            resolution, in: tree, as: commit, deployed: deployed, lastDeployed: lastDeployed)
    }

    /// All that the files alone decide.
    func resolution(
        of tree: any SourceTree, deployed: DeployedState?, digests: DigestMemory? = nil
    ) throws -> Resolution {
        let resolution = try PlanResolver(tree: tree, policy: policy, digests: digests).resolve(host: host)
        if let stack, let problem = resolution.plan.problem(asOnly: stack) { throw PlanProblems([problem]) }
        let shrinkage = policy.problems(of: resolution.plan, deployed: deployed?.desired.plan)
            .filter { $0.severity == .error }
        guard shrinkage.isEmpty else { throw PlanProblems(shrinkage) }
        return resolution
    }

    /// `resolution` of `tree`, with the secrets.
    func candidate(
        _ resolution: Resolution, in tree: any SourceTree, as commit: Commit, deployed: DeployedState?,
        lastDeployed: ResolvedPlan? = nil
    ) async throws -> Candidate {
        // What is deployed is this machine's, whatever its key is by now.
        if commit.id != deployed?.commit { try await checkMachine(for: resolution.plan) }
        let data = DataSuccession(from: deployed?.desired.plan ?? lastDeployed, to: resolution.plan)
        let found = try await filled(data.begun)
        let loss = data.problems(found: found)
        guard loss.isEmpty else { throw PlanProblems(loss) }
        let values = resolution.secretReferences.isEmpty ? Secrets() : try await secrets.secrets(in: tree)
        let desired = DesiredState(
            plan: resolution.plan, secretDigests: try await digests(of: resolution.secretReferences, in: values))
        let credentials = resolution.plan.channels.flatMap { $0.credentialProblems(values) }
        guard credentials.isEmpty else { throw PlanProblems(credentials) }
        return Candidate(
            commit: commit, desired: desired, secrets: values, warnings: resolution.warnings,
            changes: PlanComparison.changes(from: deployed?.desired, to: desired) + data.changes(found: found),
            replacing: deployed.flatMap { PlanComparison.replacedContainers(from: $0.desired, to: desired) },
            moves: data.moves)
    }

    /// Another machine of the same name must not run the stack a second time.
    private func checkMachine(for plan: ResolvedPlan) async throws {
        guard plan.hostKeys != nil else { return }
        if let problem = HostKeyPin.problem(of: plan, on: try await machine.publicKey()) {
            throw PlanProblems([problem])
        }
    }

    /// Those of `places` that hold something on this host.
    private func filled(_ places: Set<DataPlace>) async throws -> Set<DataPlace> {
        guard !places.isEmpty else { return [] }
        return Set(try await machine.conditions(of: places).filter(\.value.isTaken).keys)
    }

    /// For people to read; `nil` when the plan does not resolve.
    func document(at id: CommitID) async throws -> PlanDocument? {
        do {
            return try PlanResolver(tree: try await source.tree(at: id), policy: nil).document(host: host)
        } catch is PlanProblems {
            return nil
        }
    }

    /// The host that takes over this one's stack; `nil` when none does. Throws `PlanProblems` when that is not clear.
    func successor(at id: CommitID) async throws -> String? {
        try PlanResolver(tree: try await source.tree(at: id), policy: nil).successor(of: host)
    }

    /// The hosts that have an entry.
    func hosts(at id: CommitID) async throws -> [String] {
        try PlanResolver(tree: try await source.tree(at: id), policy: nil).hosts()
    }

    /// The host whose stack `host` takes over.
    func replaced(by host: String, at id: CommitID) async throws -> String? {
        try PlanResolver(tree: try await source.tree(at: id), policy: nil).replaced(by: host)
    }

    /// Of another host, whose own policy is not known here.
    func plan(of host: String, at id: CommitID) async throws -> ResolvedPlan {
        try PlanResolver(tree: try await source.tree(at: id), policy: nil).resolve(host: host).plan
    }

    private func digests(of names: [String], in values: Secrets) async throws -> [String: String] {
        let missing = Set(names).filter { values[$0] == nil }.sorted()
        guard missing.isEmpty else { throw Self.missing(missing) }
        var digests: [String: String] = [:]
        for name in names {
            guard let value = values[name] else { continue }
            digests[name] = try await secrets.digest(of: value)
        }
        return digests
    }

    private static func missing(_ names: [String]) -> DeploymentError {
        let list = names.quoted
        let isOne = names.count == 1
        return DeploymentError(
            "\(isOne ? "secret" : "secrets") \(list), which the plan refers to, \(isOne ? "does" : "do") not exist",
            hint: "add \(isOne ? "it" : "them") to secrets.json.age or to the secrets file of the VSN, or remove the "
                + (isOne ? "reference" : "references"), disposition: .permanent)
    }
}
