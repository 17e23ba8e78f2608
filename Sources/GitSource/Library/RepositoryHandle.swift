internal import Clibgit2

/// An open bare repository.
struct RepositoryHandle: ~Copyable {
    let pointer: OpaquePointer

    /// Fails on what a power cut leaves of `HEAD` and `config`.
    init(path: String) throws(LibraryError) {
        let opened = try make { git_repository_open_bare($0, path) }
        var head: OpaquePointer?
        defer { git_reference_free(head) }
        do {
            try check { git_reference_lookup(&head, opened, "HEAD") }
        } catch {
            git_repository_free(opened)
            throw error
        }
        pointer = opened
    }

    init(creating path: String) throws(LibraryError) {
        pointer = try make { git_repository_init($0, path, 1) }
    }

    deinit { git_repository_free(pointer) }

    /// `nil` when there is no such reference.
    func target(of reference: String) throws(LibraryError) -> git_oid? {
        var id = git_oid()
        do {
            try check { git_reference_name_to_id(&id, pointer, reference) }
        } catch {
            guard error.isCode(GIT_ENOTFOUND) else { throw error }
            return nil
        }
        return id
    }

    /// Whether there is such a commit; reads no more of it than its header.
    func has(_ id: git_oid) throws(LibraryError) -> Bool {
        do {
            return try DatabaseHandle(of: self).header(of: id).type == GIT_OBJECT_COMMIT
        } catch {
            guard error.isCode(GIT_ENOTFOUND) else { throw error }
            return false
        }
    }

    func isAncestor(_ ancestor: git_oid, of descendant: git_oid) throws(LibraryError) -> Bool {
        var (ancestor, descendant) = (ancestor, descendant)
        guard git_oid_equal(&ancestor, &descendant) == 0 else { return true }
        return try check { git_graph_descendant_of(pointer, &descendant, &ancestor) } == 1
    }

    /// Newest first, children before parents.
    func history(of tip: git_oid, without base: git_oid?, limit: Int) throws(LibraryError) -> [git_oid] {
        let walk = try WalkHandle(in: self)
        let sorting = GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue
        try check { git_revwalk_sorting(walk.pointer, UInt32(sorting)) }
        try check { withUnsafePointer(to: tip) { git_revwalk_push(walk.pointer, $0) } }
        if let base { try check { withUnsafePointer(to: base) { git_revwalk_hide(walk.pointer, $0) } } }
        var ids: [git_oid] = []
        while ids.count < limit, let id = try Self.next(of: walk) { ids.append(id) }
        return ids
    }

    private static func next(of walk: borrowing WalkHandle) throws(LibraryError) -> git_oid? {
        var id = git_oid()
        let pointer = walk.pointer
        do {
            try check { git_revwalk_next(&id, pointer) }
        } catch {
            guard error.isCode(GIT_ITEROVER) else { throw error }
            return nil
        }
        return id
    }
}
