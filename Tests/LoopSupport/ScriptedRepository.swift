public import Model
public import Reconciling
internal import Synchronization

/// A customer's repo in memory: one branch whose commits a test makes, on a server that it can take away.
public final class ScriptedRepository: Sendable {
    private struct State {
        /// Oldest first.
        var line: [Commit] = []
        var trees: [CommitID: [String: String]] = [:]
        var fetched: Set<CommitID> = []
        var made = 0
        var isAway = false
        var isSilent = false
        var mirrored: CommitID?
    }

    let calls: Calls
    private let state = Mutex(State())

    public init(calls: Calls) { self.calls = calls }

    /// The server does not answer while it is away.
    public func setAway(_ isAway: Bool) { state.withLock { $0.isAway = isAway } }

    /// The server takes questions and leaves them without an answer.
    public func setSilent(_ isSilent: Bool) { state.withLock { $0.isSilent = isSilent } }

    /// The server does not answer, and a mirror does, where the branch stands at `commit` still.
    public func mirror(_ commit: CommitID) { state.withLock { $0.mirrored = commit } }

    /// Puts a commit with the files `files` at the tip.
    @discardableResult
    public func commit(_ files: [String: String]) -> CommitID {
        state.withLock { state in
            state.made += 1
            let digits = String(state.made, radix: 16)
            guard let id = CommitID(String(repeating: "0", count: 40 - digits.count) + digits) else {
                preconditionFailure("'\(digits)' is no id")
            }
            let commit = Commit(
                id: id, author: "Ada", email: "ada@example.com", time: Int64(state.made), subject: "commit \(digits)",
                parents: state.line.last.map { [$0.id] } ?? [])
            state.line.append(commit)
            state.trees[id] = files
            return id
        }
    }

    public var tip: CommitID? { state.withLock { $0.line.last?.id } }

    /// The branch is rewritten: its newest `count` commits are gone from it.
    public func drop(_ count: Int) { state.withLock { $0.line.removeLast(count) } }

    /// What the tip has, once more: a revert of what came since `commit`.
    @discardableResult
    public func revert(to commit: CommitID) -> CommitID {
        self.commit(state.withLock { $0.trees[commit] ?? [:] })
    }
}

extension ScriptedRepository: CommitSource, Ancestry, CommitContents {
    public func remoteTip() async throws -> RemoteTip {
        try calls.enter("remoteTip")
        while state.withLock(\.isSilent) { try await Task.sleep(for: .seconds(60)) }
        return try state.withLock { state in
            if let old = state.mirrored {
                return RemoteTip(
                    commit: old, servedBy: "https://mirror.example.com/acme.git",
                    failures: ["the git server does not answer"])
            }
            guard !state.isAway, let tip = state.line.last else {
                throw ScriptedFailure("the git server does not answer")
            }
            return RemoteTip(commit: tip.id, servedBy: "https://git.example.com/acme.git")
        }
    }

    public func fetch(_ tip: RemoteTip) throws {
        try calls.enter("fetch")
        state.withLock { $0.fetched.formUnion($0.line.map(\.id)) }
    }

    public func commit(_ id: CommitID) throws -> Commit {
        try state.withLock { state in
            guard let commit = state.line.first(where: { $0.id == id }) else { throw UnexpectedCall(name: "commit") }
            return commit
        }
    }

    public func history(of id: CommitID, since base: CommitID?, limit: Int) -> [Commit] {
        state.withLock { state in
            let newest = Array(state.line.reversed().drop { $0.id != id })
            let isKnown = newest.contains { $0.id == base }
            return Array(newest.prefix { !isKnown || $0.id != base }.prefix(limit))
        }
    }

    public func tree(at id: CommitID) throws -> any SourceTree {
        try state.withLock { state in
            guard state.fetched.contains(id), let files = state.trees[id] else { throw UnexpectedCall(name: "tree") }
            return MemoryFiles(files: files)
        }
    }

    public func isAncestor(_ ancestor: CommitID, of descendant: CommitID) -> Bool {
        history(of: descendant, since: nil, limit: .max).contains { $0.id == ancestor }
    }

    public func fingerprints(of commits: [CommitID], entries names: [String]) -> [CommitID: String] {
        state.withLock { state in
            Dictionary(
                uniqueKeysWithValues: commits.compactMap { id in
                    guard let files = state.trees[id] else { return nil }
                    let own = files.filter { file in names.contains { file.key == $0 || file.key.hasPrefix("\($0)/") } }
                    return (id, own.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n"))
                })
        }
    }

    public func uncheckedTree(at id: CommitID) -> any SourceTree {
        MemoryFiles(files: state.withLock { $0.trees[id] ?? [:] })
    }
}

/// The files of a commit, by path.
struct MemoryFiles: SourceTree {
    let files: [String: String]

    func entries() -> [SourceEntry] {
        files.sorted { $0.key < $1.key }.map {
            SourceEntry(path: $0.key, kind: .file, size: Int64($0.value.utf8.count), object: $0.value)
        }
    }

    func content(of path: String) -> [UInt8]? { files[path].map { Array($0.utf8) } }
}
