public import Model

/// The tip of the branch is not followed, whatever it contains: nothing of this host was touched for it.
public struct UntrustedCommit: Actionable, Hashable {
    public enum Reason: Hashable, Sendable {
        /// Of the tip, or of one that it contains; the fault follows the commit.
        case signature(of: CommitID, fault: String)
        /// It does not contain what was accepted last.
        case rewound(from: CommitID)
        /// It does not contain the anchor.
        case foreign(anchor: CommitID)
        /// More commits have to be signed than are verified.
        case tooMany(Int)
        /// It would be the first commit of this host, and nothing shows that the branch has no newer one.
        case outdated(FreshnessDoubt)
        /// It changes what not enough of those who may change it have signed.
        case unapproved(ReviewShortfall)
        /// It could not be verified.
        case unverified(String, hint: String)
    }

    public let tip: CommitID
    public let reason: Reason
    /// Why a tag that was to let it pass does not.
    public let overrideFault: String?

    public init(tip: CommitID, reason: Reason, overrideFault: String? = nil) {
        self.tip = tip
        self.reason = reason
        self.overrideFault = overrideFault
    }

    public var message: String {
        what + (overrideFault.map { "; the override tag does not let it pass: \($0)" } ?? "")
    }

    private var what: String {
        switch reason {
        case .signature(let commit, let fault):
            "commit '\(commit.short)'" + (commit == tip ? "" : ", which '\(tip.short)' contains,") + " \(fault)"
        case .rewound(let base):
            "commit '\(tip.short)' does not contain '\(base.short)', which was accepted before: the branch was rewritten, "
                + "or an older state of it is served"
        case .foreign(let anchor):
            "commit '\(tip.short)' does not contain '\(anchor.short)', the anchor of this host: it is of another "
                + "repository, or of a history that was rewritten"
        case .tooMany(let count):
            "commit '\(tip.short)' comes with more than \(count) commits, each of which would have to be signed"
        case .outdated(let doubt):
            "commit '\(tip.short)' would be the first on this host, and may be an old state of the branch: \(doubt.reason)"
        case .unapproved(let shortfall): "commit '\(tip.short)' \(shortfall.words)"
        case .unverified(let why, _): "commit '\(tip.short)' cannot be verified: \(why)"
        }
    }

    public var hint: String {
        let accept = "or run 'fairlead accept \(tip.short)' on the host"
        switch reason {
        case .signature(let commit, _) where commit == tip:
            return "sign it ('git commit --amend --no-edit -S') and push it again, \(accept)"
        case .signature: return "sign that commit and push, \(accept)"
        case .rewound: return "push a branch that contains that commit, \(accept)"
        case .foreign: return "see that 'repository.url' is the right one, \(accept)"
        case .tooMany: return "set 'trust.anchor' to a newer commit, \(accept)"
        case .outdated(let doubt): return "\(doubt.advice); \(accept)"
        case .unapproved(let shortfall) where shortfall.planFault != nil: return "correct it in a new commit"
        case .unapproved: return "one who may runs '\(Approval.command(for: tip))', \(accept)"
        case .unverified(_, let hint): return hint
        }
    }

    /// The list of signers may be mended, or a tag be pushed: it is looked at again.
    public var disposition: Disposition { .transient }
}
