internal import CLinux
internal import Glibc

/// What lies in a directory.
package enum DirectoryContent {
    /// In no order; none where there is no such directory.
    package static func names(in directory: String) throws(HostError) -> [String] {
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
    package static func isEmpty(_ directory: borrowing Descriptor, but ignored: Set<String>) throws(HostError) -> Bool {
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
    package static func remove(in directory: String, except kept: Set<String> = []) throws(HostError) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw HostError.failed("list '\(directory)'") }
            return
        }
        var removal = TreeRemoval(of: Descriptor(owning: descriptor, path: directory))
        try removal.run(except: kept)
    }

    /// Removes `path` with all that is in it; nothing when nothing is there.
    package static func remove(_ path: String) throws(HostError) {
        if try FileStatus.at(path).kind == .directory {
            try remove(in: path)
            if rmdir(path) == 0 { return }
            // A container can have locked it, where it has that capability.
            guard errno == EPERM, linux_unlock(AT_FDCWD, path), rmdir(path) == 0 else {
                throw HostError.failed("remove '\(path)'")
            }
        } else {
            guard unlink(path) == 0 || errno == ENOENT else { throw HostError.failed("remove '\(path)'") }
        }
    }
}
