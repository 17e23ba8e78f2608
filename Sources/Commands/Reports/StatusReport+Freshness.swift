internal import Model

extension StatusReport.Freshness {
    /// As the daemon saw it last; `nil` where it is not asked.
    init?(_ freshness: BranchFreshness, by configuration: VSNConfiguration, now: Timestamp) {
        guard configuration.trust.verifiesCommits, let maximumAge = configuration.trust.maximumAge else { return nil }
        let doubt = freshness.doubt(maximumAge: maximumAge, branch: configuration.repository.branch, now: now)
        current = doubt == nil
        form = freshness.proof?.form
        commit = freshness.proof?.commit.hex
        signer = freshness.proof?.signer?.name
        signed = freshness.proof.map { ReportTime($0.signed) }
        seen = freshness.proof.map { ReportTime($0.seen) }
        fault = freshness.fault
    }
}
