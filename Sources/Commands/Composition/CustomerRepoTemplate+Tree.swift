internal import FoundationEssentials
internal import Model
internal import Planning

extension CustomerRepoTemplate {
    /// What `directory`, which may be missing, will be with the template's files in it.
    func merged(into directory: String) -> some SourceTree {
        let isThere = FileManager.default.fileExists(atPath: directory)
        return MergedTree(there: isThere ? DirectoryTree(root: directory) : nil, files: files)
    }
}

private struct MergedTree: SourceTree {
    let there: DirectoryTree?
    let files: [CustomerRepoTemplate.File]

    func entries() throws -> [SourceEntry] {
        let new = files.map { SourceEntry(path: $0.path, kind: .file, size: Int64($0.content.utf8.count)) }
        return (new + (try there?.entries() ?? [])).sorted { $0.path < $1.path }
    }

    func content(of path: String) throws -> [UInt8]? {
        guard let file = files.first(where: { $0.path == path }) else { return try there?.content(of: path) }
        return Array(file.content.utf8)
    }
}
