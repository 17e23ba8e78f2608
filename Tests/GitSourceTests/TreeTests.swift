import Foundation
import GitSource
import Model
import TestSupport
import Testing

@Suite("the files of a commit")
struct TreeTests {
    let repository: GitFixture
    let bench: GitBench

    init() throws {
        repository = try GitFixture()
        bench = try GitBench(repository.path)
        try repository.write("plan.json", "{}")
        try repository.write("files/web/site.conf", "server {}")
        try repository.write("images/web/start", "#!/bin/sh")
        try repository.git("add", ".")
        try repository.git("update-index", "--chmod=+x", "images/web/start")
        try repository.git("commit", "--quiet", "-m", "first")
    }

    private func head() async throws -> CommitID { try await bench.follow() }

    @Test(
        "a directory in which a name stands twice is refused: whoever lists it and whoever looks it up would differ",
        arguments: [nil, "hosts"], [2, 3, 7])
    func ambiguous(directory: String?, times: Int) async throws {
        let good = try repository.git("hash-object", "-w", "--stdin", input: "{}")
        let other = try repository.git("hash-object", "-w", "--stdin", input: "{ }")
        let blobs = [good] + Array(repeating: other, count: times - 1)
        var tree = try repository.git(
            "mktree", input: blobs.map { "100644 blob \($0)\tplan.json" }.joined(separator: "\n"))
        if let directory { tree = try repository.git("mktree", input: "040000 tree \(tree)\t\(directory)") }
        try publish(tree)
        let failure = await gitFailure { _ = try await head() }
        #expect(failure?.kind == .content)
        #expect(failure?.message.contains("it has a name twice") == true, "\(failure as Any)")
    }

    @Test(
        "a name that can be taken for another one is refused where hosts look, and blocks nothing elsewhere",
        arguments: ["files", "images", "docs"], ["\u{338}evil", "\u{212A}unden"])
    func lookalikes(directory: String, name: String) async throws {
        let isUsed = directory != "docs"
        let failure = await gitFailure { _ = try await commit(mode: "100644", name: name, in: directory) }
        #expect((failure?.kind == .content) == isUsed, "\(failure as Any)")
        if isUsed { #expect(failure?.message.contains("can be taken for another one") == true) }
    }

    @Test(
        "an entry of a mode that git does not write is refused, in whatever directory; what git wrote before 2005 is not",
        arguments: ["20644", "104755", "100600"])
    func oddModes(mode: String) async throws {
        for directory in [nil, "files"] {
            let failure = await gitFailure { _ = try await commit(mode: mode, name: "plan.json", in: directory) }
            #expect(failure?.kind == .content)
            #expect(failure?.message.contains("an entry has the mode '\(mode)'") == true, "\(failure as Any)")
        }
        _ = try await commit(mode: "100664", name: "plan.json")
    }

    @Test("a name that no file system takes is refused where hosts look, and blocks nothing elsewhere")
    func overlongNames() async throws {
        let name = String(repeating: "\u{e9}", count: 128)
        let failure = await gitFailure { _ = try await commit(mode: "100644", name: name, in: "files") }
        #expect(failure?.kind == .content)
        #expect(failure?.message.contains("longer than the 255 bytes that file systems take") == true)
        _ = try await commit(mode: "100644", name: name, in: "docs")
    }

    @Test("a name that libgit2 does not read is told as one", arguments: [nil, "files"])
    func longNames(directory: String?) async throws {
        let name = String(repeating: "n", count: 65_536)
        let failure = await gitFailure { _ = try await commit(mode: "100644", name: name, in: directory) }
        #expect(failure?.kind == .content)
        #expect(failure?.message.contains("longer than the 65535 bytes") == true, "\(failure as Any)")
    }

    @Test("a branch that stands at a tag is refused in words, and so is a setting that names a tag")
    func tags() async throws {
        try repository.git("tag", "-a", "v1", "-m", "first")
        let tag = try repository.git("rev-parse", "v1")
        try Paths.write(Data("\(tag)\n".utf8), to: "\(repository.path)/.git/refs/heads/main")
        let failure = await gitFailure { _ = try await head() }
        #expect(failure?.kind == .content)
        #expect(failure?.message.contains("at which the branch stands: it is a tag") == true, "\(failure as Any)")
        for branch in ["v1", "refs/tags/v1"] {
            let bench = try GitBench(repository.path) { $0.branch = branch }
            let failure = await gitFailure { try await bench.follow() }
            #expect(failure?.kind == .notFound)
            #expect(failure?.message.contains("'\(branch)' is a tag there") == true, "\(failure as Any)")
        }
    }

    /// A commit whose tree has one more entry at its root, made past git's own checks.
    private func commit(mode: String, name: String, in directory: String? = nil) async throws -> CommitID {
        let object =
            switch mode {
            case "160000": try repository.head()
            default: try repository.git("hash-object", "-w", "--stdin", input: "../../etc/passwd")
            }
        let inner = try tree(Data("\(mode) \(name)".utf8), object)
        let root = try directory.map { try tree(Data("40000 \($0)".utf8), inner) } ?? inner
        try publish(root)
        return try await head()
    }

    /// The id of a tree object with one entry, written byte by byte.
    private func tree(_ entry: Data, _ object: String) throws -> String {
        let scratch = try Scratch()
        let digits = Array(object)
        let id = try stride(from: 0, to: digits.count, by: 2).map {
            try #require(UInt8(String(digits[$0...$0 + 1]), radix: 16))
        }
        try (entry + [0] + id).write(to: URL(filePath: "\(scratch.path)/tree"))
        return try repository.git("hash-object", "-t", "tree", "-w", "--literally", "\(scratch.path)/tree")
    }

    /// Makes a commit with `tree` the tip of the branch.
    private func publish(_ tree: String) throws {
        let commit = try repository.git("commit-tree", tree, "-m", "hostile")
        try repository.git("update-ref", "refs/heads/main", commit)
    }

    @Test("entries are sorted and have a kind, a size and git's name of their content")
    func entries() async throws {
        let tree = try await bench.source.tree(at: head())
        func object(_ path: String) throws -> String { try repository.git("rev-parse", "HEAD:\(path)") }
        #expect(
            try tree.entries() == [
                SourceEntry(
                    path: "files/web/site.conf", kind: .file, size: 9, object: try object("files/web/site.conf")),
                SourceEntry(
                    path: "images/web/start", kind: .executable, size: 9, object: try object("images/web/start")),
                SourceEntry(path: "plan.json", kind: .file, size: 2, object: try object("plan.json")),
            ])
    }

    @Test("content is there for files only")
    func content() async throws {
        let tree = try await bench.source.tree(at: head())
        #expect(try tree.content(of: "images/web/start") == Array("#!/bin/sh".utf8))
        for path in ["none", "files", "files/none", "plan.json/x", "", "/plan.json", "../plan.json"] {
            #expect(try tree.content(of: path) == nil)
        }
    }

    @Test(
        "links, submodules and names that lead elsewhere are reported as they are",
        arguments: [
            ("120000", "plan.json", SourceEntry.Kind.symlink), ("160000", "sub", .submodule), ("100644", "..", .file),
            ("100644", ".git", .file),
        ])
    func hostileEntries(mode: String, name: String, kind: SourceEntry.Kind) async throws {
        let tree = try await bench.source.tree(at: commit(mode: mode, name: name))
        let entry = try #require(try tree.entries().first)
        #expect(entry.path == name && entry.kind == kind)
        if kind != .file { #expect(try tree.content(of: name) == nil) }
    }

    @Test("a name that holds a slash is refused")
    func slash() async throws {
        let failure = await gitFailure { _ = try await commit(mode: "100644", name: "../../x", in: "files") }
        #expect(failure?.kind == .content)
        #expect(failure?.disposition == .permanent)
    }

    @Test("a name that is not UTF-8 is refused")
    func encoding() async throws {
        let blob = try repository.git("hash-object", "-w", "--stdin", input: "x")
        let inner = try tree(Data("100644 caf".utf8) + [0xE9], blob)
        try publish(try tree(Data("40000 files".utf8), inner))
        let failure = await gitFailure { _ = try await head() }
        #expect(failure?.kind == .content)
        #expect(failure?.message.contains("not UTF-8") == true)
    }

    @Test("a tree that unfolds to millions of files is refused")
    func bomb() async throws {
        let blob = try repository.git("hash-object", "-w", "--stdin", input: "x")
        var lines = (0..<10).map { "100644 blob \(blob)\tf\($0)" }.joined(separator: "\n")
        for _ in 0..<8 {
            let tree = try repository.git("mktree", input: lines)
            lines = (0..<10).map { "040000 tree \(tree)\td\($0)" }.joined(separator: "\n")
        }
        let bomb = try repository.git("mktree", input: lines)
        try publish(try repository.git("mktree", input: "040000 tree \(bomb)\tfiles"))
        let failure = await gitFailure { _ = try await head() }
        #expect(failure?.message.contains("more than 100000 entries") == true)

        // Nobody reads it elsewhere, and what is used comes before it.
        try publish(
            try repository.git("mktree", input: "040000 tree \(bomb)\ta\n100644 blob \(blob)\tplan.json"))
        let entries = try await bench.source.tree(at: head()).entries()
        #expect(entries.contains { $0.path == "plan.json" })
    }

    @Test(
        "what a host does not use keeps nothing from being deployed: odd names, depth, names that lead elsewhere (G1)")
    func unused() async throws {
        let blob = try repository.git("hash-object", "-w", "--stdin", input: "{}")
        let odd = try tree(Data("100644 caf".utf8) + [0xE9], blob)
        var deep = try repository.git("mktree", input: "100644 blob \(blob)\tx")
        for _ in 0..<60 { deep = try repository.git("mktree", input: "040000 tree \(deep)\td") }
        var root = Data()
        func add(_ head: [UInt8], _ object: String) throws {
            let digits = Array(object)
            root.append(contentsOf: head + [0])
            for index in stride(from: 0, to: digits.count, by: 2) {
                root.append(try #require(UInt8(String(digits[index...index + 1]), radix: 16)))
            }
        }
        try add(Array("40000 a".utf8), deep)
        try add(Array("100644 caf".utf8) + [0xE9], blob)
        try add(Array("40000 docs".utf8), odd)
        try add(Array("100644 plan.json".utf8), blob)
        let scratch = try Scratch()
        try root.write(to: URL(filePath: "\(scratch.path)/tree"))
        try publish(try repository.git("hash-object", "-t", "tree", "-w", "--literally", "\(scratch.path)/tree"))
        let tree = try await bench.source.tree(at: head())
        #expect(try tree.entries().map(\.path).contains("plan.json"))
        #expect(try tree.content(of: "plan.json") == Array("{}".utf8))
        #expect(try await TreeExporter(source: bench.source).tree(of: head()).isEmpty == false)
    }

    @Test("an export has files/ and images/ only, readable for all and writable for none")
    func export() async throws {
        let id = try await head()
        let path = try await TreeExporter(source: bench.source).tree(of: id)
        #expect(path == "\(bench.state)/trees/\(id.hex)")
        #expect(try Paths.names(in: path) == ["files", "images"])
        #expect(try Paths.text(of: "\(path)/files/web/site.conf") == "server {}")
        #expect(try Paths.mode(of: "\(path)/files/web/site.conf") == 0o444)
        #expect(try Paths.mode(of: "\(path)/images/web/start") == 0o555)
        #expect(try Paths.mode(of: "\(path)/files/web") == 0o755)
        #expect(try Paths.mode(of: path) == 0o755)
        #expect(try await TreeExporter(source: bench.source).tree(of: id) == path)
    }

    @Test("an export that is there is used without the mirror")
    func existing() async throws {
        let id = try await head()
        let path = try await TreeExporter(source: bench.source).tree(of: id)
        try FileManager.default.removeItem(atPath: bench.mirror)
        #expect(try await TreeExporter(source: bench.source).tree(of: id) == path)
    }

    @Test("only the exports that are wanted are kept, half-made ones go")
    func keepOnly() async throws {
        let exporter = TreeExporter(source: bench.source)
        let first = try await head()
        _ = try await exporter.tree(of: first)
        try repository.commit("second")
        let second = try await head()
        _ = try await exporter.tree(of: second)
        let half = "\(bench.state)/trees/.half"
        try FileManager.default.createDirectory(atPath: half, withIntermediateDirectories: false)
        try await exporter.keepOnly([second])
        #expect(try Paths.names(in: "\(bench.state)/trees") == [second.hex])
        try await exporter.keepOnly([])
        #expect(try Paths.names(in: "\(bench.state)/trees").isEmpty)
    }

    @Test(
        "an export refuses links, submodules and names that lead elsewhere, and leaves nothing",
        arguments: [
            ("120000", "link", "symbolic link"), ("160000", "sub", "submodule"), ("100644", "..", "not accepted"),
            ("100644", ".git", "not accepted"), ("100644", ".GIT", "not accepted"), ("100644", ".", "not accepted"),
            ("100644", "a\u{1b}b", "not accepted"),
        ])
    func hostileExport(mode: String, name: String, text: String) async throws {
        let id = try await commit(mode: mode, name: name, in: "files")
        let failure = await gitFailure { _ = try await TreeExporter(source: bench.source).tree(of: id) }
        #expect(failure?.kind == .content)
        #expect(failure?.message.contains(text) == true)
        #expect(try Paths.names(in: "\(bench.state)/trees").isEmpty)
    }

    @Test("an export refuses what is larger than its limits")
    func limits() async throws {
        let id = try await head()
        let small = TreeLimits(file: ByteCount(bytes: 8))
        let failure = await gitFailure { _ = try await TreeExporter(source: bench.source, limits: small).tree(of: id) }
        #expect(failure?.message.contains("'files/web/site.conf' is larger than 8 B") == true)
        let total = TreeLimits(total: ByteCount(bytes: 10))
        let other = await gitFailure { _ = try await TreeExporter(source: bench.source, limits: total).tree(of: id) }
        #expect(other?.message.contains("the files are larger than 10 B") == true)
    }
}
