internal import Clibgit2
internal import Planning

extension RepositoryHandle {
    /// Text that is not UTF-8 is repaired; the subject is the first paragraph on one line.
    func commit(_ id: git_oid) throws(LibraryError) -> Commit? {
        let handle = try CommitHandle(id, in: self)
        guard let name = id.commit, let author = git_commit_author(handle.pointer) else { return nil }
        return Commit(
            id: name, author: Self.text(author.pointee.name), email: Self.text(author.pointee.email),
            time: author.pointee.when.time, subject: Self.text(git_commit_summary(handle.pointer)),
            parents: Self.parents(of: handle))
    }

    private static func parents(of handle: borrowing CommitHandle) -> [CommitID] {
        let pointer = handle.pointer
        return (0..<git_commit_parentcount(pointer)).compactMap { git_commit_parent_id(pointer, $0)?.pointee.commit }
    }

    /// Without control characters: it is printed on terminals.
    private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        guard let pointer else { return "" }
        var scalars = String.UnicodeScalarView()
        scalars.append(
            contentsOf: String(cString: pointer).unicodeScalars.filter { $0.properties.generalCategory != .control })
        return String(scalars)
    }
}
