internal import Model
internal import Planning

/// What the branch brought.
enum BranchTip: Sendable {
    case unchanged(CommitRecord)
    case changed(CommitID, notes: [String])
    /// It is not believed: nothing of it is read.
    case untrusted(UntrustedCommit, notes: [String])

    var isUnchanged: Bool {
        if case .unchanged = self { true } else { false }
    }

    var commit: CommitID {
        switch self {
        case .unchanged(let seen): seen.commit.id
        case .changed(let id, _): id
        case .untrusted(let why, _): why.tip
        }
    }
}

/// The branch was rewritten, and the VSN's configuration refuses that.
struct RewrittenBranch: Actionable {
    let from: CommitID
    let to: CommitID

    var message: String {
        "the branch was rewritten: '\(from.short)', which was seen before, is not in the history of '\(to.short)'"
    }
    var hint: String { "push a branch that contains '\(from.short)', or set repository.requireFastForward to false" }
    var disposition: Disposition { .transient }
}
