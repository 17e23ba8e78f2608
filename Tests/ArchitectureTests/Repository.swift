import Foundation

/// The files of this repo, as the tests find them on disk.
enum Repository {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Paths relative to the root, sorted; build products and git's own files are left out.
    static func files(below directory: String = "", suffix: String = "") throws -> [String] {
        let skipped: Set = [".build", ".git", "dist"]
        let base = root.appending(path: directory)
        guard let walk = FileManager.default.enumerator(at: base, includingPropertiesForKeys: [.isRegularFileKey])
        else { throw CocoaError(.fileReadNoSuchFile) }
        var found: [String] = []
        while let url = walk.nextObject() as? URL {
            if skipped.contains(url.lastPathComponent) {
                walk.skipDescendants()
            } else if try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true,
                url.path.hasSuffix(suffix)
            {
                found.append(String(url.path.dropFirst(root.path.count).trimmingPrefix("/")))
            }
        }
        return found.sorted()
    }

    static func data(_ path: String) throws -> Data {
        try Data(contentsOf: root.appending(path: path))
    }

    static func text(_ path: String) throws -> String {
        String(decoding: try data(path), as: UTF8.self)
    }

    static func lines(_ path: String) throws -> [Substring] {
        try text(path).split(separator: "\n", omittingEmptySubsequences: false)
    }

    static func modules() throws -> Set<String> {
        Set(try files(below: "Sources").map { String($0.split(separator: "/")[1]) })
    }
}
