internal import Glibc
internal import Planning

/// What lies in a directory.
enum DirectoryContent {
    /// In no order; none where there is no such directory.
    static func names(in directory: String) throws(HostError) -> [String] {
        guard let stream = opendir(directory) else {
            guard errno == ENOENT else { throw HostError.failed("list '\(directory)'") }
            return []
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// Removes everything but what is named `kept`; follows no link. The directory itself stays.
    static func remove(in directory: String, except kept: Set<String> = []) throws(HostError) {
        for name in try names(in: directory) where !kept.contains(name) { try remove("\(directory)/\(name)") }
    }

    /// Removes `path` with all that is in it; nothing when nothing is there.
    static func remove(_ path: String) throws(HostError) {
        if try FileStatus.at(path).kind == .directory {
            try remove(in: path)
            guard rmdir(path) == 0 else { throw HostError.failed("remove '\(path)'") }
        } else {
            guard unlink(path) == 0 || errno == ENOENT else { throw HostError.failed("remove '\(path)'") }
        }
    }
}
