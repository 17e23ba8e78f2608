internal import Clibgit2
internal import Planning

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
        if let tree = handle.tree { try walk.add(tree, in: self, database, where: isWanted) }
        return walk.entries
    }
}

extension RepositoryHandle {
    /// `nil` when there is nothing at `path`, or no plain file.
    func file(at path: String, of commit: git_oid) throws(LibraryError) -> git_oid? {
        guard let root = try CommitHandle(commit, in: self).tree else { return nil }
        let tree = try TreeHandle(root, in: self)
        var entry: OpaquePointer?
        defer { git_tree_entry_free(entry) }
        do {
            let pointer = tree.pointer
            try check { git_tree_entry_bypath(&entry, pointer, path) }
        } catch {
            guard error.isCode(GIT_ENOTFOUND) else { throw error }
            return nil
        }
        let mode = git_tree_entry_filemode(entry)
        guard mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE else { return nil }
        return git_tree_entry_id(entry)?.pointee
    }
}
