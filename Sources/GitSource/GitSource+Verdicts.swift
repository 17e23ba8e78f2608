internal import Model

/// Nothing of a commit is unfolded in this process before the child has read it to its end, within limits and in time.
extension GitSource {
    /// Throws what speaks against `id`; a damaged mirror is cloned anew first.
    func accept(_ id: CommitID) async throws {
        try await recallRefusal(of: id)
        try await reading("commit '\(id.short)'") { repository in _ = try find(id, in: repository) }
        try await renewingWhenDamaged { try await judge(id) }
    }

    /// Whether the branch stands at `id` in the mirror, with nothing missing. Throws where the commit is not accepted.
    func hasComplete(_ id: CommitID) async throws -> Bool {
        try await recallRefusal(of: id)
        let reference = Mirror.reference(of: location.branch)
        let stands = try? await reader.read { repository in
            try repository.target(of: reference)?.commit == id
        }
        guard stands == true else { return false }
        do {
            try await judge(id)
            return true
        } catch let failure as GitFailure where failure.kind != .content {
            return false
        }
    }

    /// Runs `fetch`, which has the child judge the commit as well.
    func noting<Result>(_ id: CommitID, _ fetch: () async throws -> Result) async throws -> Result {
        do {
            let result = try await fetch()
            await note(.success(()), on: id)
            return result
        } catch let failure as GitFailure where failure.kind == .content {
            await note(.failure(failure), on: id)
            throw failure
        }
    }

    func renewingWhenDamaged(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let failure as GitFailure where failure.kind == .corrupt {
            try await renew(because: failure.message)
            try await body()
        }
    }

    /// What needs no server.
    func local(
        _ operation: ChildRequest.Operation, commit: CommitID, _ configure: (inout ChildRequest) -> Void = { _ in }
    ) async throws -> ChildResponse {
        try await child.run(operation, url: try RepositoryURL(location.url), commit: commit, configure)
    }

    /// Of a first clone that was refused no mirror stays, which would be cloned again with each poll.
    private func recallRefusal(of id: CommitID) async throws {
        let packs = await reader.run { mirror.packStates }
        if case .failure(let refusal)? = verdicts.verdict(on: id, packs: packs) { throw refusal }
    }

    private func judge(_ id: CommitID) async throws {
        let packs = await reader.run { mirror.packStates }
        if let verdict = verdicts.verdict(on: id, packs: packs) { return try verdict.get() }
        _ = try await noting(id) { try await local(.verify, commit: id) }
    }

    private func note(_ result: Result<Void, GitFailure>, on id: CommitID) async {
        verdicts.note(result, on: id, packs: await reader.run { mirror.packStates })
    }
}
