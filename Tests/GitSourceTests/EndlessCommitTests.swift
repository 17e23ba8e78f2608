import Foundation
import Logging
import Model
import TestSupport
import Testing

@testable import GitSource

/// What a small pack can make of itself.
@Suite("M6: a small pack is no endless work")
struct EndlessCommitTests {
    let repository: GitFixture
    let bench: GitBench

    init() throws {
        repository = try GitFixture()
        bench = try GitBench(repository.path)
    }

    /// Makes a commit whose directory `name` has 99,000 files, all of them the same `size` bytes.
    private func publishCopies(of size: Int, below name: String) throws {
        let blob = try repository.git("hash-object", "-w", "--stdin", input: String(repeating: "x", count: size))
        let files = (0..<1000).map { "100644 blob \(blob)\tf\($0)" }.joined(separator: "\n")
        let tree = try repository.git("mktree", input: files)
        let trees = (0..<99).map { "040000 tree \(tree)\td\($0)" }.joined(separator: "\n")
        let inner = try repository.git("mktree", input: trees)
        try publish(try repository.git("mktree", input: "040000 tree \(inner)\t\(name)"), "copies")
    }

    private func publish(_ tree: String, _ message: String, on parent: String? = nil) throws {
        let parents = parent.map { ["-p", $0] } ?? []
        let commit = try repository.git(["commit-tree", tree] + parents, input: message)
        try repository.git("update-ref", "refs/heads/main", commit)
    }

    private func emptyTree() throws -> String { try repository.git("mktree") }

    @Test("a file that is named 99,000 times is read once", .timeLimit(.minutes(1)))
    func onceEach() async throws {
        try publishCopies(of: 1 << 20, below: "other")
        let tree = try await bench.source.tree(at: try await bench.follow())
        #expect(try tree.entries().count == 99_000)
    }

    @Test("files that unfold to more than a host holds are refused before one of them is read", .timeLimit(.minutes(1)))
    func unfolded() async throws {
        try publishCopies(of: 1 << 20, below: "files")
        let failure = await gitFailure { try await bench.follow() }
        #expect(failure?.kind == .content)
        #expect(failure?.message.contains("the files are larger than 4 GiB") == true)
    }

    @Test("entries of hosts, each of which is read, are refused when they are too many", .timeLimit(.minutes(1)))
    func hosts() async throws {
        try publishCopies(of: 100, below: "hosts")
        let failure = await gitFailure { try await bench.follow() }
        #expect(failure?.kind == .content)
        #expect(
            failure?.message.hasSuffix("'hosts/' has more than 10000 files, or 16 MiB") == true, "\(failure as Any)")
    }

    @Test("no directory on the way to a file is read before its size is looked at")
    func way() async throws {
        try repository.write("files/web/site.conf", "server {}")
        try repository.commit("good")
        let commit = try await bench.follow()
        let tree = GitTree(mirror: Mirror(path: bench.mirror), commit: commit)
        #expect(try tree.content(of: "files/web/site.conf") == Array("server {}".utf8))
        for path in ["files/web", "files/web/site.conf/x", "files//site.conf", "/files", "", "files/web/other"] {
            #expect(try tree.content(of: path) == nil, "\(path)")
        }
        let small = GitTree(
            mirror: Mirror(path: bench.mirror), commit: commit, limits: TreeLimits(directories: ByteCount(bytes: 8)))
        #expect(throws: GitFailure.self) { try small.content(of: "files/web/site.conf") }
        #expect(throws: GitFailure.self) { try small.entries() }
    }

    @Test("what was found of a commit is remembered, and asked of no second process", arguments: [true, false])
    func remembered(isGood: Bool) async throws {
        if isGood {
            try repository.write("plan.json", "{}")
            try repository.commit("good")
        } else {
            try publishCopies(of: 1 << 20, below: "files")
        }
        let home = try Scratch()
        let program = "\(home.path)/fairlead"
        try FileManager.default.createSymbolicLink(atPath: program, withDestinationPath: try GitBench.program())
        let source = GitSource(
            location: RepositoryLocation(url: repository.path), stateDirectory: home.path, executable: program,
            logger: .init(label: "git"))
        let tip = try await source.remoteTip()
        let first = await gitFailure { try await source.fetch(tip) }
        try FileManager.default.removeItem(atPath: program)
        let second = await gitFailure { try await source.fetch(tip) }
        let third = await gitFailure { _ = try await source.tree(at: tip.commit) }
        #expect(second == first && third == first)
        #expect((first == nil) == isGood)
    }

    @Test("a commit that is damaged after it passed is looked at again")
    func damagedLater() async throws {
        try repository.write("plan.json", "{}")
        try repository.commit("good")
        let id = try await bench.follow()
        let tree = try await bench.source.tree(at: id)
        let packs = "\(bench.mirror)/objects/pack"
        let pack = try #require(try Paths.names(in: packs).first { $0.hasSuffix(".pack") })
        let bytes = try Data(contentsOf: URL(filePath: "\(packs)/\(pack)"))
        try Paths.write(bytes.prefix(12) + Data(repeating: 0, count: bytes.count - 12), to: "\(packs)/\(pack)")
        #expect(throws: (any Error).self) { try tree.content(of: "plan.json") }
        #expect(try await bench.source.tree(at: id).content(of: "plan.json") == Array("{}".utf8))
    }

    @Test("a commit with a message of megabytes is refused unread, at the tip and below it", arguments: [true, false])
    func longMessage(isTip: Bool) async throws {
        try publish(try emptyTree(), "subject " + String(repeating: "x", count: 30 << 20))
        let large = try repository.git("rev-parse", "refs/heads/main")
        if !isTip { try publish(try emptyTree(), "small", on: large) }
        let failure = await gitFailure { try await bench.follow() }
        #expect(failure?.kind == .content)
        #expect(failure?.message == "cannot accept commit '\(large.prefix(10))': it is larger than 1 MiB")
    }

    @Test("a long subject and a name are cut where they are taken, and what steers a terminal is written out")
    func cut() async throws {
        try publish(try emptyTree(), "\u{1b}[31mred \u{202E}desrever " + String(repeating: "é", count: 500_000))
        let commit = try await bench.source.commit(try await bench.follow())
        #expect(commit.subject.hasPrefix("<U+001B>[31mred <U+202E>desrever é"))
        #expect(commit.subject.hasSuffix("é…"))
        #expect(commit.subject.unicodeScalars.count < 300)
        #expect(commit.author == "Ada Author")
    }

    @Test("a directory of names that are longer than a host can hold is refused")
    func longPaths() async throws {
        let blob = try repository.git("hash-object", "-w", "--stdin", input: "x")
        let name = String(repeating: "n", count: 250)
        var tree = try repository.git(
            "mktree", input: (0..<1000).map { "100644 blob \(blob)\tf\($0)" }.joined(separator: "\n"))
        for _ in 0..<20 { tree = try repository.git("mktree", input: "040000 tree \(tree)\t\(name)") }
        let trees = (0..<50).map { "040000 tree \(tree)\td\($0)" }.joined(separator: "\n")
        let inner = try repository.git("mktree", input: trees)
        try publish(try repository.git("mktree", input: "040000 tree \(inner)\tfiles"), "long")
        let failure = await gitFailure { try await bench.follow() }
        #expect(failure?.message.contains("the paths are longer than 32 MiB") == true)
    }

    @Test("a check that does not end in time speaks against the commit, and is not tried again")
    func endless() throws {
        var progress = FetchProgress()
        progress.enter(.checking)
        let commit = try #require(CommitID(String(repeating: "a", count: 40)))
        for operation in [ChildRequest.Operation.fetch, .verify] {
            let end = ChildEnd(
                operation: operation, commit: commit, url: try RepositoryURL("/srv/repo"),
                location: RepositoryLocation(url: "/srv/repo"), progress: progress)
            let failure = end.explain(ChildAnswer.Silence(progress: progress))
            #expect(failure.kind == .content && failure.disposition == .permanent)
            #expect(failure.message == "cannot accept commit 'aaaaaaaaaa': it could not be checked within 60 s")
        }
    }
}
