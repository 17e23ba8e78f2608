internal import Model
internal import Planning

/// Reads how a branch came from what a roll back brings to what it asks for.
struct BranchDeparture {
    let attribution: Attribution

    /// See `RevertWalk`; `nil` where that cannot be told.
    func reverts(from tip: CommitID, to state: DeployedState) async throws -> [Revert]? {
        let line = try await attribution.line(to: tip, since: state.commit)
        let source = attribution.source
        let prints = try await source.fingerprints(of: line.everyID + [state.commit], entries: Attribution.entries)
        let wanted = state.desired.digest
        let budget = ReadingBudget()
        let digests = DigestMemory()
        var plans: [String: String] = [:]
        // Whatever an older version of this program made of it.
        if let print = prints[state.commit] { plans[print] = wanted }
        return try await RevertWalk(to: wanted, among: line.commits).reverts(from: tip) { id in
            guard let print = prints[id] else { return nil }
            if let known = plans[print] { return known }
            try Task.checkCancellation()
            let digest = try await digest(of: budget.bounded(source.uncheckedTree(at: id)), digests)
            // What cannot be read is a plan of its own.
            plans[print] = digest ?? "unread \(print)"
            return plans[print]
        }
    }

    private func digest(of tree: any SourceTree, _ digests: DigestMemory) async throws -> String? {
        try await attribution.known {
            let resolver = PlanResolver(tree: tree, policy: nil, digests: digests)
            guard let plan = try resolver.readablePlan(host: attribution.reader.host) else { return nil }
            return try await attribution.state(of: plan, in: tree)?.digest
        }
    }
}
