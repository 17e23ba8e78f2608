public import Model

/// Makes directories of `files/` and `images/` of commits, for containers to mount and images to be built from.
///
/// An export never changes once it is there. It is made by the child, which is ended when it takes too long.
public struct TreeExporter: Sendable {
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
        try await source.accept(commit)
        try await source.renewingWhenDamaged {
            _ = try await source.local(.export, commit: commit) { request in
                request.limits = limits
                request.directory = directory
            }
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
}
