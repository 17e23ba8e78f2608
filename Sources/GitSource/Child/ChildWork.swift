internal import Clibgit2
internal import Model

/// What the child does with one request to a server.
struct ChildWork {
    private let request: ChildRequest
    private let report: ProgressReport
    private let conversation: Conversation
    private let mirror: Mirror

    init(_ request: ChildRequest, _ report: ProgressReport) throws(GitFailure) {
        self.request = request
        self.report = report
        mirror = Mirror(path: request.mirror)
        try GitLibrary.prepare()
        conversation = try Conversation(request, report)
        if conversation.url.transport == .https { try GitLibrary.trust(request.caFile) }
    }

    func run() -> ChildResponse {
        var response = ChildResponse()
        do throws(GitFailure) {
            switch request.operation {
            case .tip: response.tip = try tip()
            case .fetch: response.renewal = try fetch()
            case .tag: response.tag = try request.tag.flatMap { name throws(GitFailure) in try tag(name) }
            case .tags: if let prefix = request.tag { (response.tags, response.tagCount) = try tags(prefix) }
            case .signatures, .verify, .export: break
            }
        } catch {
            response.failure = error
            response.ssh = conversation.sshComplaint?.problem
        }
        return response
    }

    private func tip() throws(GitFailure) -> String {
        do {
            let connection = try Connection(conversation, remote: RemoteHandle(url: conversation.urlForLibrary))
            return try branch(among: connection.references()).hex
        } catch {
            throw explain(error)
        }
    }

    /// Asks the server what it has for the mirror, which is locked.
    private func connected<Result>(_ body: (borrowing Connection) throws -> Result) throws(GitFailure) -> Result {
        try mirror.locked(report) { descriptor throws(GitFailure) in
            report.lock = descriptor
            report.enter(.asking)
            do {
                let repository = try RepositoryHandle(path: mirror.path)
                let remote = try RemoteHandle(url: conversation.urlForLibrary, of: repository)
                let connection = try Connection(conversation, remote: remote)
                return try body(connection)
            } catch {
                throw explain(error)
            }
        }
    }

    /// What its name stands for, when the server has it; a tag that has no object of its own stands for a commit.
    private func tag(_ name: String) throws(GitFailure) -> String? {
        try connected { connection -> String? in
            let reference = "refs/tags/\(name)"
            guard let id = try connection.references()[reference] else { return nil }
            try connection.fetch("+\(reference):\(Mirror.tags)/\(name)")
            return id.hex
        }
    }

    /// Those whose names begin with `prefix`, as many as anybody needs. A name is the server's text: one that could be read as
    /// more than a name is none.
    private func tags(_ prefix: String) throws(GitFailure) -> ([String: String], count: Int) {
        try connected { connection -> ([String: String], count: Int) in
            let names = TagNames(prefix: prefix, listed: Set(request.listed ?? []))
            let (found, count) = names.among(try connection.references())
            guard !found.isEmpty else { return ([:], count: 0) }
            try connection.fetch(found.keys.sorted().map { "+refs/tags/\($0):\(Mirror.tags)/\($0)" })
            return (found.mapValues(\.hex), count: count)
        }
    }

    /// Why the mirror was cloned anew, if it was.
    private func fetch() throws(GitFailure) -> Renewal? {
        try mirror.locked(report) { descriptor throws(GitFailure) in
            report.lock = descriptor
            report.enter(.asking)
            mirror.sweep()
            let reason = if let renewal = request.renewal { renewal } else { try reasonToRenew() }
            if reason != nil { try renew() }
            return reason
        }
    }

    /// Fetches into the mirror as it is; says what is wrong with it when that does not work.
    private func reasonToRenew() throws(GitFailure) -> Renewal? {
        guard Directory.isDirectory(mirror.path) else { return .missing }
        guard !mirror.isCrowded else { return .crowded }
        do {
            try fetch(into: RepositoryHandle(path: mirror.path))
            return nil
        } catch let error as LibraryError where isAboutMirror(error) {
            return .damaged(error.text)
        } catch {
            throw explain(error)
        }
    }
}

extension ChildWork {
    /// Clones beside the old mirror, which stays until the new one is complete.
    private func renew() throws(GitFailure) {
        do {
            try fetch(into: RepositoryHandle(creating: mirror.next))
        } catch {
            Directory.remove(mirror.next)
            throw explain(error)
        }
        try mirror.adoptNext()
    }

    private func fetch(into repository: consuming RepositoryHandle) throws {
        report.enter(.asking)
        let remote = try RemoteHandle(url: conversation.urlForLibrary, of: repository)
        let connection = try Connection(conversation, remote: remote)
        let tip = try branch(among: connection.references())
        try connection.fetch("+refs/heads/\(request.branch):\(Mirror.reference(of: request.branch))")
        report.enter(.checking)
        try verify(repository, tip: tip)
    }

    /// Whether the commit that was asked for arrived with all its files.
    private func verify(_ repository: borrowing RepositoryHandle, tip: git_oid) throws {
        guard let wanted = request.commit.flatMap({ CommitID($0) }) else { return }
        guard let id = git_oid(wanted) else { throw unsupported(wanted) }
        if wanted != tip.commit, try !repository.has(id) {
            throw GitFailure(
                .network,
                "\(conversation.attempt): branch '\(request.branch)' moved from '\(wanted.short)' to "
                    + "'\(tip.commit?.short ?? "")' meanwhile, and the former is gone", hint: "it is tried again")
        }
        try CommitCheck(commit: wanted).run(on: id, in: repository)
    }

    private func branch(among references: [String: git_oid]) throws(GitFailure) -> git_oid {
        if let id = references["refs/heads/\(request.branch)"] { return id }
        let branches = references.keys.filter { $0.hasPrefix("refs/heads/") }.map { String($0.dropFirst(11)) }
        guard !branches.isEmpty else {
            throw GitFailure(
                .notFound, "\(conversation.attempt): the repository is empty",
                hint: "commit a plan.json and push it to branch '\(request.branch)'")
        }
        let names = branches.sorted().prefix(10).map { "'\(ForeignText($0, limit: 100))'" }.joined(separator: ", ")
        let isTag = ["refs/tags/\(request.branch)", request.branch].contains { name in
            name.hasPrefix("refs/tags/") && references[name] != nil
        }
        throw GitFailure(
            .notFound,
            isTag
                ? "\(conversation.attempt): '\(request.branch)' is a tag there, which never moves, and no branch"
                : "\(conversation.attempt): it has no branch '\(request.branch)'",
            hint: "push that branch, or configure one of \(names)")
    }

    private func unsupported(_ id: CommitID) -> GitFailure {
        GitFailure(.server, "\(conversation.attempt): commit '\(id.short)' has a SHA-256 id, which libgit2 cannot read")
    }

    /// Everything but what the server or the way to it did.
    private func isAboutMirror(_ error: LibraryError) -> Bool {
        conversation.objection == nil && conversation.sshComplaint == nil
            && !error.isCode(GIT_EAUTH) && !error.isCode(GIT_ECERTIFICATE) && !error.isCode(GIT_EUSER)
            && !error.isCategory(GIT_ERROR_NET, GIT_ERROR_SSL, GIT_ERROR_SSH, GIT_ERROR_HTTP, GIT_ERROR_NOMEMORY)
    }

    private func explain(_ error: any Error) -> GitFailure {
        switch error {
        case let failure as GitFailure: failure
        case let error as LibraryError: conversation.explain(error)
        default: GitFailure(.local, "\(conversation.attempt): \(error)")
        }
    }
}
