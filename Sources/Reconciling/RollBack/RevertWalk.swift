internal import Model

/// A commit that is to be reverted.
struct Revert: Hashable, Sendable, CustomStringConvertible {
    let commit: CommitName
    /// Of a merge: the number of the parent that the branch goes back to.
    var mainline: Int?

    /// `'a1b2c3d4e5' (Ada: “Upgrade to 2.0.0”)`.
    var description: String {
        let merge = mainline.map { "; a merge: 'git revert -m \($0)'" } ?? ""
        return "'\(commit.id.short)' (\(commit.author): “\(commit.subject)”\(merge))"
    }
}

/// Finds the commits that led a branch away from a plan: reverting the newest of them alone may lead to a plan in between, and
/// the tip often changed nothing at all.
struct RevertWalk {
    /// More than these nobody reverts one by one.
    private static let most = 5

    private let wanted: String
    private let commits: [CommitID: Commit]

    /// `wanted`: the digest of the plan to go back to. `commits`: of the branch, as far as is looked.
    init(to wanted: String, among commits: [Commit]) {
        self.wanted = wanted
        self.commits = Dictionary(commits.map { ($0.id, $0) }) { first, _ in first }
    }

    /// Newest first; `nil` where reverting some commits does not lead there. `plan`: the digest of the plan at a commit, `nil`
    /// where that cannot be told.
    func reverts(from tip: CommitID, plan: (CommitID) async throws -> String?) async throws -> [Revert]? {
        guard var current = try await plan(tip) else { return nil }
        var reverts: [Revert] = []
        var id = tip
        while current != wanted {
            guard let commit = commits[id], reverts.count < Self.most else { return nil }
            var before: [String] = []
            for parent in commit.parents {
                guard let known = try await plan(parent) else { return nil }
                before.append(known)
            }
            // A merge of what left the plan as it was is no step.
            guard let next = before.firstIndex(of: current) ?? before.firstIndex(of: wanted) ?? before.indices.first
            else { return nil }
            if before[next] != current {
                let mainline = commit.parents.count > 1 ? next + 1 : nil
                reverts.append(Revert(commit: CommitName(commit), mainline: mainline))
            }
            (id, current) = (commit.parents[next], before[next])
        }
        return reverts
    }
}
