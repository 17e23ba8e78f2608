public import Model
internal import Planning

extension Attribution {
    /// `problems`, which `tip` is refused with, each with the commit that brought it, where that is another one.
    public func attributed(
        _ problems: PlanProblems, at tip: Commit, since deployed: DeployedState?
    ) async throws -> PlanProblems {
        let named = try await FaultAttribution(attribution: self, deployed: deployed).attributed(problems, at: tip)
        return named as? PlanProblems ?? problems
    }
}

/// Names the commit that brought what a plan is refused for.
struct FaultAttribution {
    let attribution: Attribution
    let deployed: DeployedState?

    /// `error`, which `tip` is refused with, told with the commits that brought it, where those are others.
    func attributed(_ error: any Error, at tip: Commit) async throws -> any Error {
        guard let error = error as? any Actionable, error.isForGood else { return error }
        let faults = Self.faults(in: error)
        let line = try await attribution.line(to: tip.id, since: deployed?.commit)
        let digests = DigestMemory()
        // What is wrong with the files is known without opening the secrets.
        let tree = attribution.source.uncheckedTree(at: tip.id)
        let readsSecrets = try await found(in: tree, tip, digests, false) != faults
        let lacking = try await attribution.lacking(in: line, of: faults.count) { tree in
            guard let found = try await found(in: tree, tip, digests, readsSecrets) else { return nil }
            return Set(faults.indices.filter { !found.contains(faults[$0]) })
        }
        let names = line.names(of: faults.count, lacking: lacking).map { $0?.id == tip.id ? nil : $0 }
        return Self.naming(error, names)
    }

    /// `nil` when that cannot be told now.
    private func found(
        in tree: any SourceTree, _ commit: Commit, _ digests: DigestMemory, _ readsSecrets: Bool
    ) async throws -> [String]? {
        do {
            let resolution = try attribution.reader.resolution(of: tree, deployed: deployed, digests: digests)
            guard readsSecrets else { return [] }
            _ = try await attribution.reader.candidate(resolution, in: tree, as: commit, deployed: deployed)
            return []
        } catch let error as any Actionable {
            return error.isForGood ? Self.faults(in: error) : nil
        }
    }

    /// What is the same fault in another commit has the same text; lines move.
    private static func faults(in error: any Actionable) -> [String] {
        guard let problems = error as? PlanProblems else { return [error.message] }
        return problems.problems.map { "\($0.file)\0\($0.pointer)\0\($0.message)" }
    }

    private static func naming(_ error: any Actionable, _ names: [CommitName?]) -> any Error {
        guard names.contains(where: { $0 != nil }) else { return error }
        guard var problems = error as? PlanProblems else {
            return AttributedFault(fault: error, commit: names.first.flatMap(\.self))
        }
        for index in problems.problems.indices { problems.problems[index].commit = names[index] }
        return problems
    }
}

/// Why a plan is refused, and since when.
struct AttributedFault: Actionable {
    let fault: any Actionable
    let commit: CommitName?

    var message: String { fault.message + (commit.map { " (since \($0))" } ?? "") }
    var hint: String { fault.hint }
    var disposition: Disposition { fault.disposition }
}
