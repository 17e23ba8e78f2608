internal import Clibgit2
internal import Model

/// Whether a commit is whole and within the limits. Runs in the child, which is ended when it takes too long: the parent
/// reads only what has passed.
struct CommitCheck {
    /// A file that is larger is not read to its end, in bytes.
    private static let small: Int64 = 1 << 20

    private static let hosts = "hosts"

    let commit: CommitID
    var limits = TreeLimits()

    func run(on id: git_oid, in repository: borrowing RepositoryHandle) throws {
        let database = try DatabaseHandle(of: repository)
        try checkKind(of: id, database)
        try checkHistory(of: id, in: repository, database)
        try checkFiles(of: id, in: repository, database)
    }

    /// A server may let a branch stand at a tag, where git itself never puts it.
    private func checkKind(of id: git_oid, _ database: borrowing DatabaseHandle) throws {
        let type = try database.header(of: id).type
        guard type != GIT_OBJECT_COMMIT else { return }
        let found = type == GIT_OBJECT_TAG ? "tag" : "file or directory"
        throw GitFailure(
            .content, "cannot accept '\(commit.short)', at which the branch stands: it is a \(found), and not a commit",
            hint: "let the branch stand at a commit: git push --force origin 'COMMIT:refs/heads/BRANCH'")
    }

    /// Sizes before anything is read: whoever follows the history reads all of each commit in it.
    private func checkHistory(
        of id: git_oid, in repository: borrowing RepositoryHandle, _ database: borrowing DatabaseHandle
    ) throws {
        var open = [id]
        var seen: Set<ObjectKey> = [ObjectKey(id)]
        var read: Int64 = 0
        while let next = open.popLast() {
            guard try repository.has(next) else { continue }
            read += try repository.checkedSize(of: next, limit: limits.commit, database)
            guard read <= limits.history.bytes else {
                throw refused("its history is larger than \(limits.history.rounded)")
            }
            let handle = try CommitHandle(next, in: repository)
            for parent in handle.parents where seen.insert(ObjectKey(parent)).inserted { open.append(parent) }
        }
    }

    /// Each file once, however often it is named.
    private func checkFiles(
        of id: git_oid, in repository: borrowing RepositoryHandle, _ database: borrowing DatabaseHandle
    ) throws {
        var sizes = ObjectSizes()
        var (read, unfolded): (Int64, Int64) = (0, 0)
        var hosts = (count: 0, size: Int64(0))
        for entry in try repository.entries(of: id, named: commit, limits: limits) where entry.kind != .submodule {
            let (size, isNew) = try sizes.size(of: entry.id, in: database)
            if TreeExport.roots.contains(entry.parts[0]) { unfolded += size }
            guard unfolded <= limits.total.bytes else {
                throw refused("the files are larger than \(limits.total.rounded)")
            }
            if entry.parts[0] == Self.hosts { hosts = (hosts.count + 1, hosts.size + size) }
            guard hosts.count <= limits.hosts, hosts.size <= limits.entriesOfHosts.bytes else {
                throw refused(
                    "'\(Self.hosts)/' has more than \(limits.hosts) files, or \(limits.entriesOfHosts.rounded)")
            }
            guard isNew, size <= Self.small, read + size <= limits.checked.bytes else { continue }
            read += size
            _ = try ObjectHandle(entry.id, in: database)
        }
    }

    private func refused(_ why: String) -> GitFailure {
        GitFailure(
            .content, "cannot accept commit '\(commit.short)': \(why)",
            hint: "make it smaller in a new commit, or follow a branch without it")
    }
}

/// Sizes of objects, each of which is asked for once.
struct ObjectSizes {
    private var known: [ObjectKey: Int64] = [:]

    /// In bytes, and whether it was not asked for before.
    mutating func size(
        of id: git_oid, in database: borrowing DatabaseHandle
    ) throws(LibraryError) -> (size: Int64, isNew: Bool) {
        let key = ObjectKey(id)
        if let size = known[key] { return (size, false) }
        let size = try database.size(of: id)
        known[key] = size
        return (size, true)
    }
}
