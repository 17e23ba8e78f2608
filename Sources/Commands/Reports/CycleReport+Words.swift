internal import Deploying
internal import Model
internal import Reconciling

extension CycleReport {
    var status: ExitStatus {
        switch outcome {
        case .nothingToDeploy: .success
        case .suspended, .remembered, .waiting: .held
        case .refused: .refused
        case .unchanged(let seen): seen.verdict == .refused || seen.verdict == .rolledBack ? .held : .success
        case .deployment(_, let result): result.outcome.status
        }
    }

    /// Its progress has told why it failed; what is left to tell is what to do.
    var isDeployment: Bool {
        if case .deployment = outcome { true } else { false }
    }

    /// One line, for people and for the status line of the service.
    func headline(_ style: TextStyle) -> String {
        switch outcome {
        case .suspended(let suspension): suspension.words(style)
        case .unchanged(let seen): "no new commit; \(seen.commit.words): \(seen.verdict.rawValue)"
        case .waiting(let commit, let reason):
            style.warning("waiting") + ": \(commit.words): \(reason)".printable
        case .nothingToDeploy(let commit): style.good("nothing to deploy") + ": \(commit.words)"
        case .refused(let commit, _):
            style.bad("refused") + ": \(commit.words); "
                + (isDeployed ? "the deployed stack was not touched" : "nothing is deployed on this host")
        case .remembered(let commit, let failure) where failure.takenBack == true:
            style.warning("held back") + ": \(commit.words) was rolled back by an operator, \(failure.nextWords(style))"
        case .remembered(let commit, let failure):
            style.warning(failure.nextAttempt == nil ? "not tried again" : "not tried yet")
                + ": \(commit.words) failed before, \(failure.nextWords(style))"
        case .deployment(let commit, let result): result.words(commit, style)
        }
    }

    /// What went wrong, with what to do about it, as far as the progress has not told it already.
    var errorLines: [String] {
        switch outcome {
        case .refused(_, let error): Self.lines(of: error)
        case .remembered(_, let failure): LogTail.split(failure.message).reason.split(separator: "\n").map(String.init)
        // The reason stands where the step ended.
        case .deployment(_, let result): result.error.map { $0.hint.isEmpty ? [] : [$0.hint] } ?? []
        case .suspended, .unchanged, .waiting, .nothingToDeploy: []
        }
    }

    private static func lines(of error: any Error) -> [String] {
        if let problems = error as? PlanProblems { return problems.problems.map(\.description) }
        guard let error = error as? any Actionable else { return ["\(error)"] }
        return error.hint.isEmpty ? [error.message] : [error.message, error.hint]
    }
}

extension Suspension {
    fileprivate func words(_ style: TextStyle) -> String {
        let since = " since \(style.time(since)): \(reason)".printable
        switch kind {
        case .suspended: return style.warning("suspended") + since + "; \(ending)"
        case .maintenance: return style.warning("in maintenance") + since + "; \(ending)"
        case .foreign: return style.bad("held back") + since + "; if that is intended, run 'fairlead adopt'"
        case .moved: return style.warning("moved") + since + "; \(ending)"
        }
    }
}

extension DeploymentOutcome {
    /// Where what was asked for is not so: whether that cost the stack anything.
    var statusOfFailure: ExitStatus { standing.verdict == .refused ? .refused : .rolledBack }

    fileprivate var status: ExitStatus {
        switch standing.course {
        case .fulfilled: .success
        case .interrupted: .held
        case .failed: statusOfFailure
        }
    }
}

extension DeploymentResult {
    fileprivate func words(_ commit: Commit, _ style: TextStyle) -> String {
        let downtime =
            SpokenDuration.downtime(milliseconds: downtimeMilliseconds, atMost: downtimeAtMostMilliseconds)
            .map { ", \($0)" } ?? ""
        let state = outcome.standing.failedContainerless ? style.bad("; nothing runs now") : ""
        return "#\(deployment) \(outcome.painted(style)): \(commit.words)\(downtime)\(state)"
    }
}

extension FailedPlan {
    fileprivate func nextWords(_ style: TextStyle) -> String {
        nextTry(at: style.clock.now()).map {
            style.isDue($0) ? "the next try is due" : "next try \(style.exactTime($0))"
        } ?? "'fairlead retry' lifts it"
    }
}

extension Commit {
    /// `a1b2c3d4e5 Ada: “Upgrade to 1.1.0”`.
    var words: String { "\(id.short) \(CommitSummary(self).words)".printable }
}
