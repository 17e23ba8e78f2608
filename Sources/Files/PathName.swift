internal import Glibc

/// The parts of a path, as text.
package enum PathName {
    package static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    package static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    /// Whether `name` is one plain component: nothing that leads elsewhere, hides, or needs quoting.
    package static func isPlainName(_ name: String) -> Bool {
        name.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}/) != nil
    }

    /// The closest directory above `path`, or `path` itself, that exists.
    package static func nearestExisting(_ path: String) -> String {
        var path = path
        while access(path, F_OK) != 0, path != "/", path != "." { path = directory(of: path) }
        return path
    }

    /// Makes `path` and what is missing above it with mode 0700; each survives a power cut. What exists stays as it is.
    package static func createDirectories(_ path: String) throws(HostError) {
        guard try FileStatus.at(path, followingLinks: true).kind == .missing else { return }
        let parent = directory(of: path)
        if parent != path { try createDirectories(parent) }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw HostError.failed("create '\(path)'") }
        try Descriptor(parent, O_RDONLY | O_DIRECTORY).sync()
    }
}

/// A path without links.
package enum RealPath {
    package static func of(_ path: String) throws(HostError) -> String {
        guard let resolved = realpath(path, nil) else { throw HostError.failed("look at '\(path)'") }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
