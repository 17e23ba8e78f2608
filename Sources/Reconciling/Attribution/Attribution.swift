public import Model
internal import Planning

/// Names the commit behind each change and each fault: the tip is often not the one that made it.
public struct Attribution: Sendable {
    public typealias Source = CommitSource & Ancestry & CommitContents

    /// How many commits are looked at, the newest ones.
    static let bound = 500
    /// All that a state is made of.
    static let entries = ["plan.json", "hosts", "files", "images", "secrets.json.age"]

    let source: any Source
    let reader: CandidateReader

    public init(source: any Source, reader: CandidateReader) {
        self.source = source
        self.reader = reader
    }

    /// `candidate`, each of its changes with the newest commit that changed it to what it is now.
    public func attributed(_ candidate: Candidate, since deployed: DeployedState?) async throws -> Candidate {
        guard let deployed, !candidate.isDeployed else { return candidate }
        let line = try await line(to: candidate.commit.id, since: deployed.commit)
        let digests = DigestMemory()
        let lacking = try await lacking(in: line, of: candidate.changes.count) { tree in
            guard let state = try await state(of: tree, for: candidate, digests) else { return nil }
            return PlanComparison.open(at: state, of: deployed.desired, to: candidate.desired)
                .union(Self.openData(at: state.plan, to: candidate))
        }
        var attributed = candidate
        let names = line.names(of: candidate.changes.count, lacking: lacking)
        for index in candidate.changes.indices { attributed.changes[index].commit = names[index] }
        return attributed
    }

    /// What is still to become of the data directories at a commit with `plan`, by its places in the changes.
    private static func openData(at plan: ResolvedPlan, to candidate: Candidate) -> Set<Int> {
        let data = DataSuccession(from: plan, to: candidate.desired.plan)
        let left = Set(data.changes(found: []).map(\.subject))
        return Set(candidate.changes.indices.filter { left.contains(candidate.changes[$0].subject) })
    }

    /// The commits since `base`; all where the branch was rewritten, since then none of the new ones may have made the
    /// change.
    func line(to tip: CommitID, since base: CommitID?) async throws -> CommitLine {
        var base = base
        if let known = base, try await !source.isAncestor(known, of: tip) { base = nil }
        let commits = try await source.history(of: tip, since: base, limit: Self.bound + 1)
        return CommitLine(Array(commits.prefix(Self.bound)), isCutShort: commits.count > Self.bound)
    }

    /// What commits lack of the `count` properties that the tip has, back to where each was brought; `judge` is asked once
    /// for commits that hold the same.
    func lacking(
        in line: CommitLine, of count: Int, budget: ReadingBudget = ReadingBudget(),
        _ judge: (any SourceTree) async throws -> Set<Int>?
    ) async throws -> [CommitID: Set<Int>] {
        let everyID = line.everyID
        guard let tip = everyID.first else { return [:] }
        let prints = try await source.fingerprints(of: everyID, entries: Self.entries)
        var judged: [String: Set<Int>?] = [:]
        if let print = prints[tip] { judged[print] = .some([]) }
        var lacking: [CommitID: Set<Int>] = [:]
        // What a commit's children have, and nobody before it is known to have brought.
        var open = [tip: Set(0..<count)]
        for id in everyID {
            guard let wanted = open[id], !wanted.isEmpty else { continue }
            if let print = prints[id] {
                if judged[print] == nil {
                    try Task.checkCancellation()
                    judged[print] = .some(
                        try await known { try await judge(budget.bounded(source.uncheckedTree(at: id))) })
                }
                lacking[id] = judged[print] ?? nil
            }
            let held = wanted.subtracting(lacking[id] ?? [])
            for parent in line.parents(of: id) { open[parent, default: []].formUnion(held) }
        }
        return lacking
    }

    /// `nil` for a commit that holds more than is looked at: a commit below the tip must not stand in the way of the tip.
    func known<Judgement>(_ judgement: () async throws -> Judgement?) async throws -> Judgement? {
        do {
            return try await judgement()
        } catch let error where error is SpentBudget || error.isForGood {
            return nil
        }
    }

    /// Without its secrets where `candidate` does not change any.
    private func state(
        of tree: any SourceTree, for candidate: Candidate, _ digests: DigestMemory
    ) async throws -> DesiredState? {
        guard let plan = try PlanResolver(tree: tree, policy: nil, digests: digests).readablePlan(host: reader.host)
        else { return nil }
        guard candidate.changesSecrets else {
            return DesiredState(plan: plan, secretDigests: candidate.desired.secretDigests)
        }
        return try await state(of: plan, in: tree)
    }

    /// `nil` where the secrets of `tree` cannot be opened: a key that has gone since, or a file that this host could not
    /// open yet.
    func state(of plan: ResolvedPlan, in tree: any SourceTree) async throws -> DesiredState? {
        guard !plan.secretReferences.isEmpty else { return DesiredState(plan: plan) }
        guard let values = try? await reader.secrets.secrets(in: tree) else { return nil }
        var secrets: [String: String] = [:]
        for name in plan.secretReferences {
            secrets[name] = if let value = values[name] { try await reader.secrets.digest(of: value) } else { nil }
        }
        return DesiredState(plan: plan, secretDigests: secrets)
    }
}

extension Candidate {
    fileprivate var changesSecrets: Bool { changes.contains { $0.subject.hasPrefix("secret '") } }
}
