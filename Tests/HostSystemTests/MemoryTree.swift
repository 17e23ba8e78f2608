import Model

/// A customer repo in memory.
struct MemoryTree: SourceTree {
    var files: [String: [UInt8]] = [:]

    func entries() -> [SourceEntry] {
        files.map { SourceEntry(path: $0.key, kind: .file, size: Int64($0.value.count)) }
    }
    func content(of path: String) -> [UInt8]? { files[path] }
}
