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

    /// Whether anything but `ignored` lies there; a directory of any size costs the same.
    static func isEmpty(_ directory: borrowing Descriptor, but ignored: Set<String>) throws(HostError) -> Bool {
        // Another one, which the stream closes.
        let descriptor = openat(directory.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0, let stream = fdopendir(descriptor) else {
            throw HostError.failed("list '\(directory.path)'")
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." && !ignored.contains(name) { return false }
        }
        return true
    }

    /// Removes everything but what is named `kept`; follows no link in it. The directory itself stays.
    static func remove(in directory: String, except kept: Set<String> = []) throws(HostError) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw HostError.failed("list '\(directory)'") }
            return
        }
        try remove(in: descriptor, except: kept, shown: directory)
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

    /// By the bytes of the names, which need not be UTF-8. Closes `directory`.
    private static func remove(
        in directory: Int32, except kept: Set<String> = [], shown: String
    ) throws(HostError) {
        guard let stream = fdopendir(directory) else {
            close(directory)
            throw HostError.failed("list '\(shown)'")
        }
        defer { closedir(stream) }
        for name in rawNames(stream) {
            let text = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text == "." || text == ".." || kept.contains(text) { continue }
            if unlinkat(directory, name, 0) == 0 || errno == ENOENT { continue }
            guard errno == EISDIR else { throw HostError.failed("remove '\(shown)/\(text)'") }
            let child = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard child >= 0 else { throw HostError.failed("list '\(shown)/\(text)'") }
            try remove(in: child, shown: "\(shown)/\(text)")
            guard unlinkat(directory, name, AT_REMOVEDIR) == 0 || errno == ENOENT else {
                throw HostError.failed("remove '\(shown)/\(text)'")
            }
        }
    }

    /// Each with the zero at its end.
    private static func rawNames(_ stream: OpaquePointer) -> [[CChar]] {
        var names: [[CChar]] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
                })
        }
        return names
    }
}
