internal import Glibc

/// Directories of the state directory, all of which are ours.
enum Directory {
    static func names(in path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// Regular files at any depth; links are not followed.
    static func files(below path: String) -> [String] {
        names(in: path).map { "\(path)/\($0)" }.flatMap { isDirectory($0) ? files(below: $0) : [$0] }
    }

    /// Whatever it is; nothing when it is not there.
    static func remove(_ path: String) {
        guard isDirectory(path) else {
            unlink(path)
            return
        }
        for name in names(in: path) { remove("\(path)/\(name)") }
        rmdir(path)
    }

    static func create(_ path: String, mode: mode_t) throws(GitFailure) {
        guard mkdir(path, mode) == 0 || (errno == EEXIST && isDirectory(path)) else { throw failure("create", path) }
    }

    /// Everything below a directory, and the directory.
    static func sync(below path: String) throws(GitFailure) {
        for name in names(in: path) {
            let path = "\(path)/\(name)"
            if isDirectory(path) { try sync(below: path) } else { try sync(path) }
        }
        try sync(path)
    }

    /// One file or the names in one directory.
    static func sync(_ path: String) throws(GitFailure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync", path) }
    }

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// From `errno`, so right after the call.
    static func failure(_ verb: String, _ path: String) -> GitFailure {
        let why = String(cString: strerror(errno))
        return GitFailure(
            .local, "cannot \(verb) '\(path)': \(why)", hint: "check the space, the owner and the mode of the directory"
        )
    }
}
