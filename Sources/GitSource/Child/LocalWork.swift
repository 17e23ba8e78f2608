internal import Clibgit2
internal import Model

/// What the child does with the mirror alone: it asks no server, and needs no key or token for one.
struct LocalWork {
    let request: ChildRequest
    let report: ProgressReport

    func run() -> ChildResponse {
        var response = ChildResponse()
        do {
            try GitLibrary.prepare()
            response = try work()
        } catch let failure as GitFailure {
            response.failure = failure
        } catch let damage as LibraryError {
            response.failure = damage.failure(
                .corrupt, "cannot read from '\(request.mirror)'",
                hint: "the mirror is repaired with the next reconciliation")
        } catch {
            response.failure = GitFailure(.local, "cannot read from '\(request.mirror)': \(error)")
        }
        return response
    }

    private func work() throws -> ChildResponse {
        var response = ChildResponse()
        switch request.operation {
        case .signatures:
            let mirror = Mirror(path: request.mirror)
            response.objects = try SignatureExtraction(mirror: mirror, objects: request.objects ?? []).run()
        case .verify:
            report.enter(.checking)
            try withCommit { commit, id, repository in try CommitCheck(commit: commit).run(on: id, in: repository) }
        case .export:
            report.enter(.storing)
            try withCommit { commit, id, repository in
                let directory = request.directory ?? ""
                try TreeExport(commit: commit, limits: request.limits ?? TreeLimits(), directory: directory)
                    .run(on: id, in: repository)
            }
        case .tip, .fetch, .tag, .tags: break
        }
        return response
    }

    private func withCommit(
        _ body: (CommitID, git_oid, borrowing RepositoryHandle) throws -> Void
    ) throws {
        guard let commit = request.commit.flatMap({ CommitID($0) }), let id = git_oid(commit) else {
            throw GitFailure(.notFound, "cannot read from '\(request.mirror)': no commit is named")
        }
        try body(commit, id, RepositoryHandle(path: request.mirror))
    }
}
