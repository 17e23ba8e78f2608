internal import Clibgit2
internal import Glibc
public import Planning

/// Makes directories of `files/` and `images/` of commits, for containers to mount and images to be built from.
///
/// An export never changes once it is there: it grows beside its final name, is synced, then renamed.
public struct TreeExporter: Sendable {
    private static let roots: Set<String> = ["files", "images"]

    private let source: GitSource
    private let limits: TreeLimits
    private let directory: String

    /// `directory` holds the exports; `trees` in the state directory when `nil`.
    public init(source: GitSource, limits: TreeLimits = TreeLimits(), directory: String? = nil) {
        self.source = source
        self.limits = limits
        self.directory = directory ?? "\(source.stateDirectory)/trees"
    }

    /// The directory with the export of `commit`, made now unless it is there; complete and synced.
    /// - Throws: `GitFailure`; of kind `content` for symlinks, submodules, `..` and the like below the two directories.
    public func tree(of commit: CommitID) async throws -> String {
        let path = "\(directory)/\(commit.hex)"
        if await source.reader.run({ Directory.isDirectory(path) }) { return path }
        try await source.reading("the files of commit '\(commit.short)'") { repository in
            try export(source.find(commit, in: repository), named: commit, from: repository, to: path)
        }
        return path
    }

    /// Removes all other exports, finished or not.
    public func keepOnly(_ commits: Set<CommitID>) async throws {
        let kept = Set(commits.map(\.hex))
        try await source.reader.run {
            for name in Directory.names(in: directory) where !kept.contains(name) {
                Directory.remove("\(directory)/\(name)")
            }
            if Directory.isDirectory(directory) { try Directory.sync(directory) }
        }
    }

    private func export(
        _ id: git_oid, named commit: CommitID, from repository: borrowing RepositoryHandle, to path: String
    ) throws {
        let entries = try repository.entries(of: id, named: commit, limits: limits, where: Self.roots.contains)
        try Directory.create(directory, mode: 0o755)
        let growing = "\(directory)/.\(commit.hex).\(getpid())"
        Directory.remove(growing)
        do {
            try ExportWriter(root: growing, commit: commit, limits: limits).write(entries, from: repository)
            try Directory.sync(below: growing)
            guard rename(growing, path) == 0 || Directory.isDirectory(path) else {
                throw Directory.failure("rename", path)
            }
            try Directory.sync(directory)
        } catch {
            Directory.remove(growing)
            throw error
        }
    }
}
