internal import Clibgit2
internal import Glibc
internal import Model

/// One export, as the child makes it: it grows beside its final name, is synced, then renamed.
struct TreeExport {
    /// What of a commit is exported.
    static let roots: Set<String> = ["files", "images"]

    let commit: CommitID
    let limits: TreeLimits
    /// Of all exports; it is there.
    let directory: String

    func run(on id: git_oid, in repository: borrowing RepositoryHandle) throws {
        let path = "\(directory)/\(commit.hex)"
        let entries = try repository.entries(of: id, named: commit, limits: limits, where: Self.roots.contains)
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
