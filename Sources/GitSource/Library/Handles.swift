internal import Clibgit2

/// The object that `call` hands out, owned by the caller.
func make(_ call: (UnsafeMutablePointer<OpaquePointer?>) -> Int32) throws(LibraryError) -> OpaquePointer {
    var pointer: OpaquePointer?
    let status = try check { call(&pointer) }
    guard let pointer else { throw LibraryError.last(status) }
    return pointer
}

/// A remote of a mirror, or of nothing when only its branches are asked for.
struct RemoteHandle: ~Copyable {
    let pointer: OpaquePointer

    init(url: String) throws(LibraryError) {
        pointer = try make { git_remote_create_detached($0, url) }
    }

    init(url: String, of repository: borrowing RepositoryHandle) throws(LibraryError) {
        let owner = repository.pointer
        pointer = try make { git_remote_create_anonymous($0, owner, url) }
    }

    deinit {
        git_remote_disconnect(pointer)
        git_remote_free(pointer)
    }
}

/// A directory in which whoever lists the entries and whoever looks a name up see the same ones.
struct TreeHandle: ~Copyable {
    let pointer: OpaquePointer

    /// Throws a `GitFailure` for a tree that no git program writes: with a name that stands twice a rule on paths would be
    /// held against one file, and another one deployed.
    init(_ id: git_oid, in repository: borrowing RepositoryHandle) throws {
        let owner = repository.pointer
        let tree = try make { pointer in withUnsafePointer(to: id) { git_tree_lookup(pointer, owner, $0) } }
        guard Self.isUnambiguous(tree) else {
            git_tree_free(tree)
            throw GitFailure(
                .content, "cannot accept directory '\(id.hex.prefix(10))': it has a name twice, or out of order",
                hint: Self.advice(id))
        }
        if let odd = Self.oddMode(in: tree) {
            git_tree_free(tree)
            throw GitFailure(
                .content,
                "cannot accept directory '\(id.hex.prefix(10))': an entry has the mode '\(String(odd, radix: 8))', which git "
                    + "does not write",
                hint: Self.advice(id))
        }
        pointer = tree
    }

    private static func advice(_ id: git_oid) -> String {
        "'git ls-tree \(id.hex.prefix(10))' shows it; write it with git itself, in a new commit"
    }

    /// What git writes, `664` of before 2005. libgit2 takes any other for the nearest of them, another program for a device or a
    /// file with the rights of its owner.
    private static let modes: Set<UInt32> = [0o100644, 0o100664, 0o100755, 0o120000, 0o040000, 0o160000]

    private static func oddMode(in tree: OpaquePointer) -> UInt32? {
        (0..<git_tree_entrycount(tree)).lazy.compactMap { index in
            git_tree_entry_byindex(tree, index).map { UInt32(git_tree_entry_filemode_raw($0).rawValue) }
        }.first { !modes.contains($0) }
    }

    deinit { git_tree_free(pointer) }

    private static func isUnambiguous(_ tree: OpaquePointer) -> Bool {
        (0..<git_tree_entrycount(tree)).allSatisfy { index in
            guard let entry = git_tree_entry_byindex(tree, index), let name = git_tree_entry_name(entry) else {
                return false
            }
            return git_tree_entry_byname(tree, name) == entry
        }
    }
}

struct CommitHandle: ~Copyable {
    let pointer: OpaquePointer

    init(_ id: git_oid, in repository: borrowing RepositoryHandle) throws(LibraryError) {
        let owner = repository.pointer
        pointer = try make { pointer in withUnsafePointer(to: id) { git_commit_lookup(pointer, owner, $0) } }
    }

    deinit { git_commit_free(pointer) }

    var tree: git_oid? { git_commit_tree_id(pointer)?.pointee }

    /// In seconds since 1970.
    var committed: Int64 { git_commit_time(pointer) }

    var parents: [git_oid] {
        let pointer = pointer
        return (0..<git_commit_parentcount(pointer)).compactMap { git_commit_parent_id(pointer, $0)?.pointee }
    }
}

struct WalkHandle: ~Copyable {
    let pointer: OpaquePointer

    init(in repository: borrowing RepositoryHandle) throws(LibraryError) {
        let owner = repository.pointer
        pointer = try make { git_revwalk_new($0, owner) }
    }

    deinit { git_revwalk_free(pointer) }
}

/// The bytes of one object, checked against its id.
struct ObjectHandle: ~Copyable {
    private let pointer: OpaquePointer

    init(_ id: git_oid, in database: borrowing DatabaseHandle) throws(LibraryError) {
        let owner = database.pointer
        pointer = try make { pointer in withUnsafePointer(to: id) { git_odb_read(pointer, owner, $0) } }
    }

    deinit { git_odb_object_free(pointer) }

    var type: git_object_t { git_odb_object_type(pointer) }

    func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: git_odb_object_data(pointer), count: git_odb_object_size(pointer)))
    }
}

struct DatabaseHandle: ~Copyable {
    let pointer: OpaquePointer

    init(of repository: borrowing RepositoryHandle) throws(LibraryError) {
        let owner = repository.pointer
        pointer = try make { git_repository_odb($0, owner) }
    }

    deinit { git_odb_free(pointer) }

    /// In bytes; reads no more of the object than its header.
    func size(of id: git_oid) throws(LibraryError) -> Int64 { try header(of: id).size }

    func header(of id: git_oid) throws(LibraryError) -> (size: Int64, type: git_object_t) {
        var size = 0
        var type = GIT_OBJECT_INVALID
        try check { withUnsafePointer(to: id) { git_odb_read_header(&size, &type, pointer, $0) } }
        return (Int64(size), type)
    }
}
