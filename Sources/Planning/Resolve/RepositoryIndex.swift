internal import Model

/// The entries of a customer repo, looked up by path.
struct RepositoryIndex {
    private let tree: any SourceTree
    let entries: [SourceEntry]
    private let byPath: [String: SourceEntry]
    private let digests: DigestMemory?

    /// Throws what the tree throws: a repo that cannot be read is no problem of the plan.
    init(_ tree: any SourceTree, digests: DigestMemory? = nil) throws {
        self.tree = tree
        self.digests = digests
        entries = try tree.entries().sorted { $0.path < $1.path }
        byPath = Dictionary(entries.map { ($0.path, $0) }) { first, _ in first }
    }

    subscript(path: String) -> SourceEntry? { byPath[path] }

    func content(of path: String) throws -> [UInt8]? { try tree.content(of: path) }

    /// The entries below a directory.
    func entries(below directory: String) -> [SourceEntry] {
        entries.filter { $0.path.isBelow(directory) }
    }

    /// The link or submodule that `path` is, or lies below.
    func foreignPart(of path: String) -> SourceEntry? {
        let parts = path.pathParts
        return (1...max(parts.count, 1)).lazy
            .compactMap { byPath[parts.prefix($0).joined(separator: "/")] }.first(where: \.isForeign)
    }

    /// Files and directories that lie below `directory`, for suggestions.
    func paths(below directory: String) -> Set<String> {
        var paths: Set<String> = []
        for entry in entries(below: directory) {
            let parts = entry.path.pathParts
            for count in 2...max(parts.count, 2) { paths.insert(parts.prefix(count).joined(separator: "/")) }
        }
        return paths
    }

    /// Over paths, executable bits and contents of a file or of everything below a directory. Throws `LargeFilePointer` where
    /// a content is none.
    func digest(of path: String) throws -> String {
        let used = byPath[path].map { [$0] } ?? entries(below: path)
        guard let digests else { return try digest(of: used, at: path) }
        return try digests.digest(of: used, at: path) { try digest(of: used, at: path) }
    }

    private func digest(of used: [SourceEntry], at path: String) throws -> String {
        var digest = ContentDigest()
        for entry in used {
            digest.add(String(entry.path.dropFirst(path.count)))
            digest.add(entry.kind == .executable ? "executable" : "file")
            let content = try tree.content(of: entry.path) ?? []
            try LargeFilePointer.refuse(content, of: entry.path)
            digest.add(content)
        }
        return digest.hex
    }
}

extension SourceEntry {
    /// Leads out of the commit, so its content is not what was committed.
    var isForeign: Bool { kind == .symlink || kind == .submodule }

    var kindName: String { kind == .symlink ? "symbolic link" : "submodule" }
}
