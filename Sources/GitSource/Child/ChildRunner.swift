internal import FoundationEssentials
internal import Logging
internal import Model
internal import Processes

/// Runs one network operation in a child process, which is ended when it does not get on.
struct ChildRunner: Sendable {
    let location: RepositoryLocation
    let mirror: Mirror
    let executable: String
    let logger: Logger

    func run(
        _ operation: ChildRequest.Operation, url: RepositoryURL, commit: CommitID? = nil, renewal: Renewal? = nil,
        objects: [String]? = nil, tag: String? = nil, _ configure: (inout ChildRequest) -> Void = { _ in }
    ) async throws -> ChildResponse {
        var request = request(operation, url)
        request.commit = commit?.hex
        request.objects = objects
        request.tag = tag
        request.renewal = renewal
        configure(&request)
        let response = try await respond(to: request, url)
        if let failure = response.failure {
            guard let problem = response.ssh else { throw failure }
            let scan = HostKeyScan(confiner: executable)
            throw await SSHAdvice(location: location, url: url, scan: scan).explain(problem, failure)
        }
        return response
    }

    private func respond(to request: ChildRequest, _ url: RepositoryURL) async throws -> ChildResponse {
        let whole = longest(request.operation)
        let command = Command(
            executable, [GitChild.subcommand], environment: Self.environment,
            input: [UInt8](try JSONEncoder().encode(request)), deadline: whole)
        let log = FetchLog(url: url.shown, logger: logger)
        let answer = ChildAnswer(patience: location.timeout) { if !request.operation.isLocal { log.note($0) } }
        do {
            return try await answer.run(command)
        } catch {
            try Task.checkCancellation()
            let end = ChildEnd(
                operation: request.operation, commit: request.commit.flatMap { CommitID($0) }, url: url,
                location: location, progress: answer.progress)
            throw end.explain(error)
        }
    }

    private func longest(_ operation: ChildRequest.Operation) -> Duration {
        [.fetch, .export].contains(operation) ? location.maxDuration : location.timeout
    }

    private func request(_ operation: ChildRequest.Operation, _ url: RepositoryURL) -> ChildRequest {
        ChildRequest(
            operation: operation, url: url.text, branch: location.branch, mirror: mirror.path,
            sshKey: location.sshKey, knownHosts: location.knownHosts, tokenFile: location.tokenFile,
            username: location.username, caFile: location.caFile ?? Self.systemCertificates, proxy: proxy(for: url),
            packLimit: location.packLimit.bytes,
            patience: UInt32(clamping: location.timeout.components.seconds),
            seconds: UInt32(clamping: longest(operation).components.seconds))
    }

    private func proxy(for url: RepositoryURL) -> WebProxy? {
        guard let (host, port) = url.webServer, let proxy = location.proxy, proxy.serves(host, port: port) else {
            return nil
        }
        return proxy
    }

    /// Debian's bundle; libgit2's own default depends on how it was built.
    private static let systemCertificates = "/etc/ssl/certs/ca-certificates.crt"

    /// Nothing of the caller's: no GIT_*, no SSL_*, no proxy but the configured one; and no memory dump of a crash, which could hold a token.
    private static let environment = Command.plainEnvironment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
}
