internal import Clibgit2
internal import Glibc
internal import Model

extension RepositoryHandle {
    /// Text that is not UTF-8 is repaired; the subject is the first paragraph on one line. None of it is longer than people read.
    func commit(_ id: git_oid) throws -> Commit? {
        _ = try checkedSize(of: id, limit: TreeLimits().commit, DatabaseHandle(of: self))
        let handle = try CommitHandle(id, in: self)
        guard let name = id.commit, let author = git_commit_author(handle.pointer) else { return nil }
        return Commit(
            id: name, author: Self.text(author.pointee.name, 100), email: Self.text(author.pointee.email, 200),
            time: author.pointee.when.time, subject: Self.text(git_commit_summary(handle.pointer), 250),
            parents: handle.parents.compactMap(\.commit))
    }

    /// The size of a commit, of which no more than the header is read. Throws where it is above the limit.
    func checkedSize(
        of id: git_oid, limit: ByteCount, _ database: borrowing DatabaseHandle
    ) throws -> Int64 {
        let size = try database.size(of: id)
        guard size <= limit.bytes else {
            throw GitFailure(
                .content, "cannot accept commit '\(id.commit?.short ?? "")': it is larger than \(limit.rounded)",
                hint: "follow a branch without it; the message of a commit is for people")
        }
        return size
    }

    private static func text(_ pointer: UnsafePointer<CChar>?, _ limit: Int) -> String {
        guard let pointer else { return "" }
        let count = strnlen(pointer, ForeignText.bytesToRead(limit))
        return ForeignText(UnsafeRawBufferPointer(start: pointer, count: count), limit: limit).description
    }
}
