import Clibgit2
import Foundation
import Model

@testable import GitSource

/// What a git server sends, and how it may be called.
extension FuzzTarget {
    static let gitTargets = [
        Self(
            name: "tree", made: ambiguousTrees,
            words: ["100644 ", "40000 ", "120000 ", "160000 ", "20644 ", "104755 ", "..", ".git", "plan.json\0"],
            inputs: 600
        ) {
            input in
            try inRepository(input, GIT_OBJECT_TREE) { repository, id in
                guard let commit = id.commit else { return false }
                var walk = TreeWalk(of: commit, limits: TreeLimits())
                do {
                    let database = try DatabaseHandle(of: repository)
                    try walk.add(id, in: repository, database)
                } catch  where error is GitFailure || error is LibraryError {
                    return false
                }
                try checkTree(input)
                for part in walk.entries.flatMap(\.parts) where part.isEmpty || part.utf8.contains(UInt8(ascii: "/")) {
                    throw FuzzFault("'\(part)' is no name of a file")
                }
                return true
            }
        },
        Self(name: "commit", words: ["tree ", "parent ", "author ", "committer ", "encoding ", "gpgsig "], inputs: 600)
        {
            input in
            try inRepository(input, GIT_OBJECT_COMMIT) { repository, id in
                do {
                    guard let commit = try repository.commit(id) else { return false }
                    try check([commit.subject, commit.author, commit.email])
                    return true
                } catch  where error is GitFailure || error is LibraryError {
                    return false
                }
            }
        },
        Self(name: "signed-commit", words: ["gpgsig ", "gpgsig-sha256 ", "\n "], inputs: 1000) { input in
            refusing(MalformedObject.self) { try SignedObject(commit: input) }
        },
        Self(name: "signed-tag", words: ["-----BEGIN SSH SIGNATURE-----\n"], inputs: 1000) { input in
            refusing(MalformedObject.self) { try SignedObject(tag: input) }
        },
        Self(name: "gpg-status", words: ["[GNUPG:] ", "VALIDSIG ", "GOODSIG ", "NEWSIG "], inputs: 1000) { input in
            let text = String(decoding: input, as: UTF8.self)
            if case .signed = GPGStatus(text).finding(revoked: []) { return true }
            return false
        },
        Self(name: "host-keys", words: ["ssh-ed25519 ", "ecdsa-sha2-nistp256 ", "@revoked ", "# "], inputs: 1000) {
            input in
            let keys = HostKeyLook.keys(in: String(decoding: input, as: UTF8.self))
            try check(keys)
            return !keys.isEmpty
        },
        Self(name: "repository-url", words: ["ssh://", "https://", "git@", ":", "/", "[::1]"], inputs: 1000) { input in
            refusing(GitFailure.self) { try RepositoryURL(String(decoding: input, as: UTF8.self)) }
        },
    ]

    /// Which no git program writes: a name that stands twice, also as file and directory, and modes of devices and rights.
    @Sendable private static func ambiguousTrees() -> [[UInt8]] {
        let entry = { (mode: String, name: String, id: UInt8) -> [UInt8] in
            Array("\(mode) \(name)".utf8) + [0] + Array(repeating: id, count: 20)
        }
        let file = entry("100644", "plan.json", 1)
        return [
            file + entry("100644", "plan.json", 2),
            file + entry("100644", "plan.json.x", 2) + entry("40000", "plan.json", 3),
            entry("100644", "b", 1) + entry("100644", "a", 2), file, entry("100664", "plan.json", 1),
        ] + ["20644", "104755", "100600", "0", "140000", "100645"].map { entry($0, "plan.json", 1) }
    }

    /// One that was accepted has each name once, whatever reads it, and modes that git writes.
    private static func checkTree(_ bytes: [UInt8]) throws {
        var (rest, names) = (bytes[...], Set<[UInt8]>())
        while let space = rest.firstIndex(of: 0x20), let end = rest[space...].firstIndex(of: 0) {
            let mode = UInt32(String(decoding: rest[..<space], as: UTF8.self), radix: 8)
            guard [0o100644, 0o100664, 0o100755, 0o120000, 0o40000, 0o160000].contains(mode) else {
                throw FuzzFault("an entry of mode \(mode.map { String($0, radix: 8) } ?? "that is none") is accepted")
            }
            guard names.insert(Array(rest[(space + 1)..<end])).inserted else {
                throw FuzzFault("a tree with a name twice is accepted")
            }
            rest = rest[(end + 1)...].dropFirst(20)
        }
    }

    /// One for the life of this process.
    private static let repository = FileManager.default.temporaryDirectory.appending(path: "fuzz-\(UUID()).git").path

    /// Whether `work` accepts the object of `bytes`, which is written without a look at it.
    private static func inRepository(
        _ bytes: [UInt8], _ type: git_object_t, _ work: (borrowing RepositoryHandle, git_oid) throws -> Bool
    ) throws -> Bool {
        try GitLibrary.prepare()
        if !FileManager.default.fileExists(atPath: repository) { _ = try RepositoryHandle(creating: repository) }
        let handle = try RepositoryHandle(path: repository)
        var database: OpaquePointer?
        guard git_repository_odb(&database, handle.pointer) == 0 else { throw FuzzFault("no object database") }
        defer { git_odb_free(database) }
        var id = git_oid()
        guard git_odb_write(&id, database, bytes, bytes.count, type) == 0 else { throw FuzzFault("cannot write") }
        return try work(handle, id)
    }

    /// They are printed on terminals and written to disks.
    private static func check(_ texts: [String]) throws {
        for text in texts where text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            throw FuzzFault("a control character in '\(text)'")
        }
    }
}
