internal import Model
internal import Processes

/// Says why a child gave no answer.
struct ChildEnd {
    let operation: ChildRequest.Operation
    let commit: CommitID?
    let url: RepositoryURL
    let location: RepositoryLocation
    let progress: FetchProgress

    func explain(_ error: any Error) -> GitFailure {
        switch error {
        case is ChildAnswer.Silence where progress.phase == .checking: endless
        case is ChildAnswer.Silence: operation == .fetch ? silence : noAnswer
        case let failure as CommandFailure: explain(failure)
        case is ChildAnswer.Missing: GitFailure(.local, "\(attempt): the child process gave no answer")
        default: GitFailure(.local, "\(attempt): \(error)")
        }
    }

    private func explain(_ failure: CommandFailure) -> GitFailure {
        guard case .deadline = failure.reason else { return GitFailure(.local, "\(attempt): \(failure)") }
        if progress.phase == .checking { return endless }
        return operation == .fetch ? tooLong : operation == .export ? notExported : noAnswer
    }

    private var attempt: String { "cannot read '\(url.shown)'" }
    private var timeout: Int64 { location.timeout.components.seconds }

    private var noAnswer: GitFailure {
        GitFailure(
            .network, "\(attempt): no complete answer within \(timeout) s",
            hint: "check that this host reaches the server; for a slow one raise 'repository.timeout'")
    }

    /// It would be as endless the next time, so it speaks against the commit.
    private var endless: GitFailure {
        GitFailure(
            .content, "cannot accept commit '\(commit?.short ?? "")': it could not be checked within \(timeout) s",
            hint: "make its files and history smaller; for a slow disk raise 'repository.timeout'")
    }

    private var notExported: GitFailure {
        let limit = PlanDuration(milliseconds: location.maxDuration.components.seconds * 1000)
        return GitFailure(
            .local, "cannot export the files of commit '\(commit?.short ?? "")': it took longer than \(limit)",
            hint: "check the disk of the state directory")
    }

    private var silence: GitFailure {
        GitFailure(
            .network, "\(attempt): the fetch did not get on for \(timeout) s (\(progress.words))",
            hint: "check the line and the server's log; for a slow one raise 'repository.timeout'")
    }

    private var tooLong: GitFailure {
        let limit = PlanDuration(milliseconds: location.maxDuration.components.seconds * 1000)
        return GitFailure(
            .network, "\(attempt): the fetch was not complete within \(limit) (\(progress.words))",
            hint: "nothing of it could be kept; raise 'repository.maxDuration', or make the repository smaller")
    }
}
