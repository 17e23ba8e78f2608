internal import FoundationEssentials
internal import Glibc
internal import Model
internal import Processes

/// One side of a comparison: a directory, or a commit of the clone that the other side lies in.
struct RepoState {
    let directory: String

    /// Runs `body` with both sides as directories. A commit is checked out into a place of its own, which goes at the end.
    static func with<Result>(
        _ old: String, _ new: String, home: String?, _ body: (RepoState, RepoState) async throws -> Result
    ) async throws -> Result {
        let clone = [new, old].first(where: isDirectory) ?? "."
        return try await with(old, of: clone, home) { old in
            try await with(new, of: clone, home) { try await body(old, $0) }
        }
    }

    private static func with<Result>(
        _ name: String, of clone: String, _ home: String?, _ body: (RepoState) async throws -> Result
    ) async throws -> Result {
        guard !isDirectory(name) else { return try await body(RepoState(directory: name)) }
        let git = try Git(clone, home: home)
        let commit = try await git.run(["rev-parse", "--verify", "--quiet", "--end-of-options", "\(name)^{commit}"]) {
            NoSuchState(name: name, clone: clone, reason: $0)
        }
        // Of a customer repo that is a directory of a larger one.
        let prefix = try await git.run(["rev-parse", "--show-prefix"]) {
            NoSuchState(name: name, clone: clone, reason: $0)
        }
        var template = Array("/tmp/fairlead-diff.XXXXXX\0".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw NoSuchState(name: name, clone: clone, reason: String(cString: strerror(errno)))
        }
        let place = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        let tree = "\(place)/tree"
        do {
            _ = try await git.run(["worktree", "add", "--quiet", "--detach", tree, commit]) {
                NoSuchState(name: name, clone: clone, reason: $0)
            }
            let result = try await body(RepoState(directory: prefix.isEmpty ? tree : "\(tree)/\(prefix)"))
            await clear(place, tree, git)
            return result
        } catch {
            await clear(place, tree, git)
            throw error
        }
    }

    private static func clear(_ place: String, _ tree: String, _ git: Git) async {
        _ = try? await git.run(["worktree", "remove", "--force", tree]) {
            NoSuchState(name: tree, clone: "", reason: $0)
        }
        try? FileManager.default.removeItem(atPath: place)
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}

/// The program git in a clone; no hook of it runs.
private struct Git {
    private let program: String
    private let clone: String
    private let environment: [String: String]

    /// `home`: of the person, whose settings say which clones are trusted.
    init(_ clone: String, home: String?) throws {
        guard let program = Command.find("git") else {
            throw NoSuchState(name: clone, clone: clone, reason: "'git' is not installed")
        }
        (self.program, self.clone) = (program, clone)
        environment = Command.plainEnvironment.merging(home.map { ["HOME": $0] } ?? [:]) { $1 }
    }

    func run(_ arguments: [String], _ failure: (String) -> NoSuchState) async throws -> String {
        let command = Command(
            program, ["-C", clone, "-c", "core.hooksPath=/dev/null"] + arguments, environment: environment,
            deadline: .seconds(120))
        let result = try await command.runToEnd()
        guard result.status == 0 else { throw failure(result.errorTail) }
        return result.text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
}

/// Neither a directory nor a commit.
private struct NoSuchState: Actionable {
    let name: String
    let clone: String
    let reason: String

    var message: String {
        "'\(name)' is neither a directory nor a commit of the clone '\(clone)'" + (reason.isEmpty ? "" : ": \(reason)")
    }
    var hint: String { "name a directory, or a commit as git does, such as in 'fairlead diff HEAD~1 .'" }
    var disposition: Disposition { .permanent }
}
