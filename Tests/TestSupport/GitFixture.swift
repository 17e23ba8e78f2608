internal import Foundation

/// A real repository with a working tree, made by the git program; removed when the value goes.
public struct GitFixture: Sendable {
    private let scratch: Scratch
    /// The working tree; a valid local URL of the repository.
    public let path: String

    /// An empty repository on branch `main`.
    public init() throws {
        scratch = try Scratch()
        path = scratch.path + "/repo"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try git("init", "--quiet", "--initial-branch=main")
    }

    /// Writes `text` to `name`, directories included.
    public func write(_ name: String, _ text: String) throws {
        let url = URL(filePath: path).appending(path: name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    public func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: "\(path)/\(name)")
    }

    /// Commits everything in the working tree, changed or not; returns the commit's id.
    @discardableResult
    public func commit(_ subject: String) throws -> String {
        try git("add", "--all")
        try git("commit", "--quiet", "--allow-empty", "-m", subject)
        return try head()
    }

    /// The same by somebody else than Ada.
    @discardableResult
    public func commit(_ subject: String, by author: String) throws -> String {
        try git("add", "--all")
        try git("commit", "--quiet", "--allow-empty", "--author", "\(author) <\(author)@example.com>", "-m", subject)
        return try head()
    }

    /// Commits everything and signs it; `settings` say with what, see `SSHTestKey` and `GPGTestHome`.
    @discardableResult
    public func commit(_ subject: String, signedWith settings: [String]) throws -> String {
        try git("add", "--all")
        try git(settings + ["commit", "--quiet", "--allow-empty", "-S", "-m", subject])
        return try head()
    }

    /// Merges `branch`, as a git host's button does it.
    @discardableResult
    public func merge(_ branch: String, signedWith settings: [String]) throws -> String {
        try git(settings + ["merge", "--quiet", "--no-ff", "-S", "-m", "Merge \(branch)", branch])
        return try head()
    }

    /// Commits the opposite of `revision`; returns the commit's id.
    @discardableResult
    public func revert(_ revision: String = "HEAD") throws -> String {
        try git("revert", "--no-edit", revision)
        return try head()
    }

    /// The commit at the tip of the branch that is checked out.
    public func head() throws -> String { try git("rev-parse", "HEAD") }

    /// Runs `git ARGUMENTS` in the repository, without any configuration of this machine; returns what it printed.
    @discardableResult
    public func git(_ arguments: String..., input: String = "") throws -> String {
        try git(arguments, input: input)
    }

    @discardableResult
    public func git(_ arguments: [String], input: String = "") throws -> String {
        try TestProgram("git", ["-C", path] + arguments, environment: Self.environment, input: input).run()
    }

    /// The same at `time`, in seconds since 1970: that of commits and tags which it makes.
    @discardableResult
    public func git(_ arguments: [String], at time: Int64) throws -> String {
        let dates = ["GIT_COMMITTER_DATE": "\(time) +0000", "GIT_AUTHOR_DATE": "\(time) +0000"]
        let environment = Self.environment.merging(dates) { $1 }
        return try TestProgram("git", ["-C", path] + arguments, environment: environment).run()
    }

    private static let environment = [
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": "Ada Author", "GIT_AUTHOR_EMAIL": "ada@example.com", "GIT_COMMITTER_NAME": "Carl Committer",
        "GIT_COMMITTER_EMAIL": "carl@example.com", "PATH": TestProgram.path, "HOME": "/nonexistent",
    ]
}
