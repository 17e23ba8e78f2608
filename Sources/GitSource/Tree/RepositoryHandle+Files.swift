internal import Clibgit2
internal import Model

extension RepositoryHandle {
    /// What lies in a commit; `isWanted` picks names at its root.
    func entries(
        of id: git_oid, named commit: CommitID, limits: TreeLimits = TreeLimits(),
        where isWanted: (String) -> Bool = { _ in true }
    ) throws -> [WalkedEntry] {
        let database = try DatabaseHandle(of: self)
        _ = try checkedSize(of: id, limit: limits.commit, database)
        let handle = try CommitHandle(id, in: self)
        var walk = TreeWalk(of: commit, limits: limits)
        if let tree = handle.tree { try walk.addRoot(tree, in: self, database, where: isWanted) }
        return walk.entries
    }
}

extension RepositoryHandle {
    /// `nil` when there is nothing at `path`, or no plain file. Sizes are looked at before anything on the way is read.
    func file(at path: String, of commit: git_oid, limits: TreeLimits) throws -> git_oid? {
        let database = try DatabaseHandle(of: self)
        _ = try checkedSize(of: commit, limit: limits.commit, database)
        guard var directory = try CommitHandle(commit, in: self).tree else { return nil }
        let parts = path.pathParts
        for (index, name) in parts.enumerated() {
            guard try database.size(of: directory) <= limits.directories.bytes else {
                throw GitFailure(
                    .content,
                    "cannot read '\(path)': a directory on the way is larger than \(limits.directories.rounded)",
                    hint: "remove it in a new commit")
            }
            let tree = try TreeHandle(directory, in: self)
            // The entry belongs to the tree.
            guard let entry = git_tree_entry_byname(tree.pointer, name), let id = git_tree_entry_id(entry)?.pointee
            else { return nil }
            let mode = git_tree_entry_filemode(entry)
            guard index < parts.count - 1 else {
                return mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE ? id : nil
            }
            guard mode == GIT_FILEMODE_TREE else { return nil }
            directory = id
        }
        return nil
    }
}
