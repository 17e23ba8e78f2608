internal import FoundationEssentials
internal import Planning
internal import Processes

/// Runs one network operation in a child process, with the deadline of the configuration.
struct ChildRunner: Sendable {
    let location: RepositoryLocation
    let mirror: Mirror
    let executable: String

    func run(
        _ operation: ChildRequest.Operation, url: RepositoryURL, commit: CommitID? = nil, renewal: Renewal? = nil
    ) async throws -> ChildResponse {
        var request = request(operation, url)
        request.commit = commit?.hex
        request.renewal = renewal
        let response = try await respond(to: request, url)
        if let failure = response.failure {
            guard let problem = response.ssh else { throw failure }
            throw await SSHAdvice(location: location, url: url).explain(problem, failure)
        }
        return response
    }

    private func respond(to request: ChildRequest, _ url: RepositoryURL) async throws -> ChildResponse {
        let command = Command(
            executable, [GitChild.subcommand], environment: Self.environment,
            input: [UInt8](try JSONEncoder().encode(request)), deadline: location.deadline, outputLimit: 1 << 20)
        do {
            return try JSONDecoder().decode(ChildResponse.self, from: Data(try await command.run().output))
        } catch let failure as CommandFailure {
            try Task.checkCancellation()
            throw explain(failure, url)
        }
    }

    private func request(_ operation: ChildRequest.Operation, _ url: RepositoryURL) -> ChildRequest {
        ChildRequest(
            operation: operation, url: url.text, branch: location.branch, mirror: mirror.path,
            sshKey: location.sshKey, knownHosts: location.knownHosts, tokenFile: location.tokenFile,
            username: location.username, caFile: location.caFile ?? Self.systemCertificates,
            packLimit: location.packLimit.bytes, seconds: UInt32(clamping: location.deadline.components.seconds + 5))
    }

    private func explain(_ failure: CommandFailure, _ url: RepositoryURL) -> GitFailure {
        guard case .deadline(let limit) = failure.reason else {
            return GitFailure(.local, "cannot read '\(url.shown)': \(failure)")
        }
        return GitFailure(
            .network, "cannot read '\(url.shown)': no complete answer within \(limit.components.seconds) s",
            hint: "check that this host reaches the server; a large repository may need a longer deadline")
    }

    /// Debian's bundle; libgit2's own default depends on how it was built.
    private static let systemCertificates = "/etc/ssl/certs/ca-certificates.crt"

    /// Nothing of the caller's: no GIT_*, no SSL_*, no proxy; and no memory dump of a crash, which could hold a token.
    private static let environment = Command.plainEnvironment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
}
