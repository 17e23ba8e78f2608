internal import Clibgit2
public import Model

extension GitSource {
    /// - Throws: `GitFailure` of kind `notFound` when the mirror has no such commit.
    public func commit(_ id: CommitID) async throws -> Commit {
        try await reading("commit '\(id.short)'") { repository in
            guard let commit = try repository.commit(find(id, in: repository)) else { throw unknown(id) }
            return commit
        }
    }

    /// When a commit says that it was committed, which whoever signs it signs too.
    public func committed(_ id: CommitID) async throws -> Timestamp {
        try await reading("commit '\(id.short)'") { repository in
            let seconds = try CommitHandle(find(id, in: repository), in: repository).committed
            return Timestamp(milliseconds: max(0, min(seconds, 1 << 40)) * 1000)
        }
    }

    /// Newest first: what `id` has and `base` has not, at most `limit`. Everything when `base` is nil or unknown.
    public func history(of id: CommitID, since base: CommitID?, limit: Int) async throws -> [Commit] {
        try await reading("the history of commit '\(id.short)'") { repository in
            let tip = try find(id, in: repository)
            let known = try base.flatMap { git_oid($0) }.flatMap { try repository.has($0) ? $0 : nil }
            return try repository.history(of: tip, without: known, limit: limit).compactMap {
                try repository.commit($0)
            }
        }
    }

    /// The files of a commit, after a check that all of them are there.
    public func tree(at id: CommitID) async throws -> any SourceTree {
        try await accept(id)
        return GitTree(mirror: mirror, commit: id, verdicts: verdicts)
    }

    /// A commit is its own ancestor; `false` when `ancestor` is unknown.
    public func isAncestor(_ ancestor: CommitID, of descendant: CommitID) async throws -> Bool {
        try await reading("the history of commit '\(descendant.short)'") { repository in
            let tip = try find(descendant, in: repository)
            guard let ancestor = git_oid(ancestor), try repository.has(ancestor) else { return false }
            return try repository.isAncestor(ancestor, of: tip)
        }
    }

    /// Reads the mirror; when it turns out to be damaged it is cloned anew, and read once more.
    func reading<Result: Sendable>(
        _ what: String, _ body: @Sendable (borrowing RepositoryHandle) throws -> Result
    ) async throws -> Result {
        do {
            return try await reader.read(body)
        } catch let damage as LibraryError {
            try await renew(because: "\(what): \(damage.text)")
        }
        do {
            return try await reader.read(body)
        } catch let damage as LibraryError {
            throw damage.failure(
                .corrupt, "cannot read \(what) from '\(mirror.path)'",
                hint: "check the disk and 'git fsck' on the server")
        }
    }

    /// A commit that is missing from a healthy mirror is unknown; from any other it is damage.
    func find(_ id: CommitID, in repository: borrowing RepositoryHandle) throws -> git_oid {
        guard let object = git_oid(id) else { throw unknown(id) }
        if try repository.has(object) { return object }
        if let tip = try repository.target(of: Mirror.reference(of: location.branch)), try repository.has(tip) {
            throw unknown(id)
        }
        throw LibraryError(code: GIT_ENOTFOUND.rawValue, category: 0, text: "the branch is missing")
    }

    private func unknown(_ id: CommitID) -> GitFailure {
        GitFailure(
            .notFound,
            "commit '\(id.short)' is not in the history of branch '\(location.branch)' as this host knows it",
            hint: "fetch it first, or name another commit")
    }
}
