internal import Planning
internal import Processes

/// Says why a child gave no answer.
struct ChildEnd {
    let operation: ChildRequest.Operation
    let url: RepositoryURL
    let location: RepositoryLocation
    let progress: FetchProgress

    func explain(_ error: any Error) -> GitFailure {
        switch error {
        case is ChildAnswer.Silence: operation == .fetch ? silence : noAnswer
        case let failure as CommandFailure: explain(failure)
        case is ChildAnswer.Missing: GitFailure(.local, "\(attempt): the child process gave no answer")
        default: GitFailure(.local, "\(attempt): \(error)")
        }
    }

    private func explain(_ failure: CommandFailure) -> GitFailure {
        guard case .deadline = failure.reason else { return GitFailure(.local, "\(attempt): \(failure)") }
        return operation == .fetch ? tooLong : noAnswer
    }

    private var attempt: String { "cannot read '\(url.shown)'" }
    private var timeout: Int64 { location.timeout.components.seconds }

    private var noAnswer: GitFailure {
        GitFailure(
            .network, "\(attempt): no complete answer within \(timeout) s",
            hint: "check that this host reaches the server; for a slow one raise 'repository.timeout'")
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
