internal import Clibgit2
internal import Model

/// An entry with the object it stands for.
struct WalkedEntry {
    let parts: [String]
    let kind: SourceEntry.Kind
    let id: git_oid

    var path: String { parts.joined(separator: "/") }
}

/// Lists the entries below a tree, within limits.
struct TreeWalk {
    /// Of one name, in bytes.
    private static let longestName = 255

    private let limits: TreeLimits
    private let commit: CommitID
    private var seen = 0
    /// In bytes.
    private var (read, named): (Int64, Int64) = (0, 0)
    private(set) var entries: [WalkedEntry] = []

    init(of commit: CommitID, limits: TreeLimits) {
        self.commit = commit
        self.limits = limits
    }

    /// Adds what lies below the root `tree` and `isWanted` accepts. What a host uses comes first and has to be within the limits;
    /// of the rest it is what comes before anything that is not: nobody reads it, so it keeps nothing from being deployed.
    mutating func addRoot(
        _ tree: git_oid, in repository: borrowing RepositoryHandle, _ database: borrowing DatabaseHandle,
        where isWanted: (String) -> Bool
    ) throws {
        try add(tree, in: repository, database) { CustomerRepository.usedAtRoot.contains($0) && isWanted($0) }
        do {
            try add(tree, in: repository, database) { !CustomerRepository.usedAtRoot.contains($0) && isWanted($0) }
        } catch is GitFailure {}
    }

    /// Adds what lies below `tree`, which stands at `parts`; at the root only what `isWanted` accepts.
    mutating func add(
        _ tree: git_oid, at parts: [String] = [], in repository: borrowing RepositoryHandle,
        _ database: borrowing DatabaseHandle, where isWanted: (String) -> Bool = { _ in true }
    ) throws {
        guard parts.count <= limits.depth else { throw refused("directories lie deeper than \(limits.depth)") }
        try countDirectory(of: try database.size(of: tree))
        let handle = try directory(tree, at: parts, in: repository)
        for index in 0..<git_tree_entrycount(handle.pointer) {
            guard let entry = git_tree_entry_byindex(handle.pointer, index) else { continue }
            guard let name = try wantedName(of: entry, at: parts, isWanted), let id = git_tree_entry_id(entry)?.pointee
            else { continue }
            try count(parts + [name])
            switch git_tree_entry_filemode(entry) {
            case GIT_FILEMODE_TREE: try add(id, at: parts + [name], in: repository, database)
            case let mode: entries.append(WalkedEntry(parts: parts + [name], kind: Self.kind(of: mode), id: id))
            }
        }
    }

    private func directory(
        _ tree: git_oid, at parts: [String], in repository: borrowing RepositoryHandle
    ) throws -> TreeHandle {
        do {
            return try TreeHandle(tree, in: repository)
        } catch let error as LibraryError where error.isOfName {
            throw refused("in '\(parts.joined(separator: "/"))' \(LibraryError.nameWords)")
        }
    }

    /// At the root a name that cannot be read is none of those that are used.
    private func wantedName(
        of entry: OpaquePointer, at parts: [String], _ isWanted: (String) -> Bool
    ) throws -> String? {
        guard parts.isEmpty else { return try name(of: entry, at: parts) }
        guard let found = try? name(of: entry, at: parts), isWanted(found) else { return nil }
        return found
    }

    private mutating func count(_ parts: [String]) throws {
        seen += 1
        guard seen <= limits.entries else { throw refused("there are more than \(limits.entries) entries") }
        named += parts.reduce(0) { $0 + Int64($1.utf8.count) + 1 }
        guard named <= limits.paths.bytes else { throw refused("the paths are longer than \(limits.paths.rounded)") }
    }

    /// Before it is read.
    private mutating func countDirectory(of size: Int64) throws {
        read += size
        guard read <= limits.directories.bytes else {
            throw refused("the directories are larger than \(limits.directories.rounded)")
        }
    }

    private func name(of entry: OpaquePointer, at parts: [String]) throws -> String {
        guard let bytes = git_tree_entry_name(entry), let name = String(validatingCString: bytes) else {
            throw refused("a name in '\(parts.joined(separator: "/"))' is not UTF-8")
        }
        guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "/")) else {
            throw refused("'\(name)' in '\(parts.joined(separator: "/"))' is not a file name")
        }
        try checkForm(of: name, at: parts)
        return name
    }

    /// What no host uses may be called anything.
    private func checkForm(of name: String, at parts: [String]) throws {
        guard let top = parts.first, CustomerRepository.usedAtRoot.contains(top) else { return }
        // To look at the form of long ones takes seconds, with each poll.
        guard name.utf8.count <= Self.longestName else {
            throw refused(
                "a name in '\(parts.joined(separator: "/"))' is longer than the \(Self.longestName) bytes that file systems take"
            )
        }
        guard let scalar = name.ambiguousScalar else { return }
        throw refused(
            "the name '\(name.showing(scalar))' in '\(parts.joined(separator: "/"))' can be taken for another one",
            hint: Unicode.Scalar.ambiguityHint)
    }

    private static func kind(of mode: git_filemode_t) -> SourceEntry.Kind {
        switch mode {
        case GIT_FILEMODE_BLOB_EXECUTABLE: .executable
        case GIT_FILEMODE_LINK: .symlink
        case GIT_FILEMODE_COMMIT: .submodule
        default: .file
        }
    }

    private func refused(_ why: String, hint: String = "remove it in a new commit") -> GitFailure {
        GitFailure(.content, "cannot accept the files of commit '\(commit.short)': \(why)", hint: hint)
    }
}
