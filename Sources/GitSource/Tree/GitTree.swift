internal import Clibgit2
public import Model

/// The files of one commit, read from the mirror's objects.
public struct GitTree: SourceTree {
    /// A file that is read whole and is larger than this is refused, in bytes.
    private static let contentLimit: Int64 = 64 << 20

    private let mirror: Mirror
    private let commit: CommitID
    private let verdicts: CommitVerdicts?
    /// Of what is read in this process: sizes are looked at first, also where a child passed the commit.
    private let limits: TreeLimits

    init(
        mirror: Mirror, commit: CommitID, verdicts: CommitVerdicts? = nil, limits: TreeLimits = TreeLimits()
    ) {
        self.mirror = mirror
        self.commit = commit
        self.verdicts = verdicts
        self.limits = limits
    }

    /// Names are as committed, `..` and `.git` included; who makes files of them has to refuse those.
    /// - Throws: `GitFailure`; for names that are not UTF-8 too.
    public func entries() throws -> [SourceEntry] {
        try reading { repository, id in
            let database = try DatabaseHandle(of: repository)
            var sizes = ObjectSizes()
            var entries: [SourceEntry] = []
            for entry in try repository.entries(of: id, named: commit, limits: limits) {
                let size = entry.kind == .submodule ? 0 : try sizes.size(of: entry.id, in: database).size
                entries.append(SourceEntry(path: entry.path, kind: entry.kind, size: size, object: entry.id.hex))
            }
            return entries.sorted { $0.path < $1.path }
        }
    }

    /// `nil` for symlinks and submodules too.
    public func content(of path: String) throws -> [UInt8]? {
        try reading { repository, id in
            guard let blob = try repository.file(at: path, of: id, limits: limits) else { return nil }
            let database = try DatabaseHandle(of: repository)
            guard try database.size(of: blob) <= Self.contentLimit else {
                throw GitFailure(
                    .content, "cannot read '\(path)' of commit '\(commit.short)': it is larger than 64 MiB",
                    hint: "keep large files below files/ or images/")
            }
            return try ObjectHandle(blob, in: database).withBytes { Array($0) }
        }
    }

    private func reading<Result>(_ body: (borrowing RepositoryHandle, git_oid) throws -> Result) throws -> Result {
        do {
            try GitLibrary.prepare()
            guard let id = git_oid(commit) else { throw LibraryError(code: -1, category: 0, text: "not a SHA-1 id") }
            return try body(RepositoryHandle(path: mirror.path), id)
        } catch let error as LibraryError {
            verdicts?.forget(commit)
            throw error.failure(
                .corrupt, "cannot read commit '\(commit.short)' from '\(mirror.path)'",
                hint: "the mirror is repaired with the next reconciliation")
        }
    }
}
