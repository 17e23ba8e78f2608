public import Logging
public import Model

/// The customer repo: a bare mirror in the state directory, kept current through libgit2 in child processes.
public struct GitSource: Sendable {
    let location: RepositoryLocation
    let stateDirectory: String
    let mirror: Mirror
    let reader: MirrorReader
    let logger: Logger
    let child: ChildRunner
    let verdicts = CommitVerdicts()
    let oversized = OversizedPacks()

    /// - Parameters:
    ///   - stateDirectory: absolute; holds `git/mirror.git`, which may lie there without `git` yet, and `trees`.
    ///   - executable: a program that runs `GitChild.main` as its subcommand `internal-git`.
    public init(location: RepositoryLocation, stateDirectory: String, executable: String, logger: Logger) {
        self.location = location
        self.stateDirectory = stateDirectory
        self.logger = logger
        mirror = Self.mirror(in: stateDirectory)
        mirror.takeOver(from: "\(stateDirectory)/mirror.git")
        reader = MirrorReader(mirror)
        child = ChildRunner(location: location, mirror: mirror, executable: executable, logger: logger)
    }

    static func mirror(in stateDirectory: String) -> Mirror { Mirror(path: "\(stateDirectory)/git/mirror.git") }

    /// Asks the URLs in order where the branch stands; no objects are transferred.
    /// - Throws: `GitFailure` when none answers; `CancellationError`.
    public func remoteTip() async throws -> RemoteTip {
        let (answer, url, failures) = try await ask(location.urls) { try await child.run(.tip, url: $0) }
        guard let tip = answer.tip.flatMap({ CommitID($0) }) else {
            throw GitFailure(.local, "cannot read '\(url.shown)': the child process gave no answer")
        }
        return RemoteTip(commit: tip, servedBy: url.shown, failures: failures)
    }

    /// Makes `tip`, its files and its history available in the mirror; does nothing when they are.
    ///
    /// The URL that served `tip` goes first. A mirror that is damaged is cloned anew.
    /// - Throws: `GitFailure`, `CancellationError`.
    public func fetch(_ tip: RemoteTip) async throws {
        guard try await !hasComplete(tip.commit) else { return }
        if let failure = oversized.failure(of: tip.commit) { throw failure }
        let isServer = { (url: String) in (try? RepositoryURL(url))?.shown == tip.servedBy }
        let urls = location.urls.filter(isServer) + location.urls.filter { !isServer($0) }
        do {
            let (answer, url, _) = try await noting(tip.commit) {
                try await ask(urls) { try await child.run(.fetch, url: $0, commit: tip.commit) }
            }
            log(answer.renewal, from: url)
        } catch let failure as GitFailure where failure.kind == .packLimit {
            oversized.note(failure, of: tip.commit)
            throw failure
        }
    }

    /// Clones the mirror anew because reading it failed.
    func renew(because reason: String) async throws { try await renew(.damaged(reason)) }

    private func renew(_ renewal: Renewal) async throws {
        let (answer, url, _) = try await ask(location.urls) { try await child.run(.fetch, url: $0, renewal: renewal) }
        log(answer.renewal, from: url)
    }

    /// Asks the URLs in order for signed tags.
    ///
    /// Each tag that is new leaves a pack, and where nobody commits no fetch ever looks at their number. A mirror that cannot be
    /// cloned anew serves all the same.
    func askForTags(
        _ operation: ChildRequest.Operation, _ name: String, listed: [String]? = nil
    ) async throws -> ChildResponse {
        if await reader.run({ mirror.isCrowded }) { try? await renew(.crowded) }
        try Task.checkCancellation()
        return try await ask(location.urls) { url in
            try await child.run(operation, url: url, tag: name) { $0.listed = listed }
        }.0
    }

    private func ask(
        _ urls: [String], _ operation: (RepositoryURL) async throws -> ChildResponse
    ) async throws -> (ChildResponse, RepositoryURL, [String]) {
        var failures: [GitFailure] = []
        for text in urls {
            do {
                let url = try RepositoryURL(text)
                return (try await operation(url), url, failures.map(\.description))
            } catch let failure as GitFailure {
                failures.append(failure)
            }
            try Task.checkCancellation()
        }
        throw Self.combined(failures)
    }

    private static func combined(_ failures: [GitFailure]) -> GitFailure {
        guard let first = failures.first, failures.count > 1 else {
            return failures.first ?? GitFailure(.configuration, "no repository url is configured")
        }
        let list = failures.map(\.message).joined(separator: "; ")
        return GitFailure(first.kind, "none of \(failures.count) urls serves: \(list)", hint: first.hint)
    }

    private func log(_ renewal: Renewal?, from url: RepositoryURL) {
        let metadata: Logger.Metadata = ["url": "\(url.shown)", "mirror": "\(mirror.path)"]
        switch renewal {
        case nil: break
        case .missing: logger.info("cloned the repository", metadata: metadata)
        case .crowded: logger.info("cloned the repository anew to get rid of many packs", metadata: metadata)
        case .damaged(let reason):
            logger.warning(
                "the mirror of the repository was damaged and has been cloned anew",
                metadata: metadata.merging(["reason": "\(reason)"]) { $1 })
        }
    }
}
