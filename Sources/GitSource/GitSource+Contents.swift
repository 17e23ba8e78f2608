internal import Clibgit2
public import Model

/// What commits hold, without reading all of it.
extension GitSource {
    /// Equal for commits whose entries `names` at the root are equal. Without commits that the mirror has not.
    public func fingerprints(
        of commits: [CommitID], entries names: [String]
    ) async throws -> [CommitID: String] {
        try await reading("the files of \(commits.count) commits") { repository in
            var found: [CommitID: String] = [:]
            for commit in commits {
                guard let id = git_oid(commit), try repository.has(id) else { continue }
                found[commit] = try repository.fingerprint(of: id, entries: names)
            }
            return found
        }
    }

    /// The files of a commit; what of it is damaged is found when it is read.
    public func uncheckedTree(at id: CommitID) -> any SourceTree { GitTree(mirror: mirror, commit: id) }
}

extension RepositoryHandle {
    fileprivate func fingerprint(of commit: git_oid, entries names: [String]) throws -> String {
        guard let root = try CommitHandle(commit, in: self).tree else { return "" }
        let tree = try TreeHandle(root, in: self)
        var parts: [String] = []
        for name in names {
            // The entry belongs to the tree.
            guard let entry = git_tree_entry_byname(tree.pointer, name), let id = git_tree_entry_id(entry) else {
                parts.append("-")
                continue
            }
            parts.append("\(git_tree_entry_filemode(entry).rawValue):\(id.pointee.hex)")
        }
        return parts.joined(separator: " ")
    }
}
