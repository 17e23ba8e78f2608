internal import Clibgit2
internal import FoundationEssentials
internal import Model

/// Takes signatures out of objects of the mirror; runs in the child.
struct SignatureExtraction {
    /// Of one answer, in bytes; the parent asks again for what did not fit.
    private static let budget = 384 << 10

    let mirror: Mirror
    /// Ids of commits and tags.
    let objects: [String]

    /// Of the first ones, as many as fit.
    func run() throws(GitFailure) -> [ExtractedObject] {
        do {
            return try extract()
        } catch {
            throw error.failure(
                .corrupt, "cannot read the signatures of commits from '\(mirror.path)'",
                hint: "the mirror is repaired with the next reconciliation")
        }
    }

    private func extract() throws(LibraryError) -> [ExtractedObject] {
        let repository = try RepositoryHandle(path: mirror.path)
        let database = try DatabaseHandle(of: repository)
        var found: [ExtractedObject] = []
        var size = 0
        for id in objects where size < Self.budget {
            let object = try extract(id, from: database, of: repository)
            size += 200 + (object.object.map { $0.payload.count + ($0.signature?.count ?? 0) } ?? 0)
            found.append(object)
        }
        return found
    }

    private func extract(
        _ hex: String, from database: borrowing DatabaseHandle, of repository: borrowing RepositoryHandle
    ) throws(LibraryError) -> ExtractedObject {
        guard let id = CommitID(hex).flatMap({ git_oid($0) }) else {
            return ExtractedObject(id: hex, fault: "its id is not one of SHA-1")
        }
        guard try database.size(of: id) <= SignedObject.limit else {
            return ExtractedObject(id: hex, fault: "it is larger than \(SignedObject.limit >> 10) KiB")
        }
        let handle = try ObjectHandle(id, in: database)
        let bytes = handle.withBytes { Array($0) }
        do throws(MalformedObject) {
            switch handle.type {
            case GIT_OBJECT_TAG: return ExtractedObject(id: hex, object: try SignedObject(tag: bytes))
            case GIT_OBJECT_COMMIT: break
            default: return ExtractedObject(id: hex, fault: "it is neither a commit nor a tag")
            }
            let object = try SignedObject(commit: bytes)
            let second = object.signature == nil ? nil : try? signedCommit(id, in: repository)
            guard object.signature == nil || second?.agrees(with: object) == true else {
                throw MalformedObject(reason: "git and libgit2 do not agree on what of it is signed")
            }
            return ExtractedObject(id: hex, object: object)
        } catch {
            return ExtractedObject(id: hex, fault: error.reason)
        }
    }

    /// As libgit2 takes it apart.
    private func signedCommit(
        _ id: git_oid, in repository: borrowing RepositoryHandle
    ) throws(LibraryError) -> SignedObject {
        var (signature, payload, id) = (git_buf(), git_buf(), id)
        defer {
            git_buf_dispose(&signature)
            git_buf_dispose(&payload)
        }
        let owner = repository.pointer
        try check { git_commit_extract_signature(&signature, &payload, owner, &id, nil) }
        return SignedObject(payload: Self.data(payload), signature: Self.data(signature))
    }

    private static func data(_ buffer: git_buf) -> Data {
        buffer.ptr.map { Data(UnsafeRawBufferPointer(start: $0, count: buffer.size)) } ?? Data()
    }
}

extension SignedObject {
    /// Whether both say the same, but for the last line end, which libgit2 leaves out.
    fileprivate func agrees(with other: SignedObject) -> Bool {
        let signature = signature ?? Data()
        let theirs = other.signature ?? Data()
        return payload == other.payload && (theirs == signature || theirs == signature + [UInt8(ascii: "\n")])
    }
}
