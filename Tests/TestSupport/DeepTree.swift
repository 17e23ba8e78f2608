internal import Glibc

/// Directories in each other, deeper than any path can say.
public enum DeepTree {
    /// Makes `levels` of them in `directory`, which is there, each with a name of `length` bytes; the deepest holds a file.
    public static func make(in directory: String, levels: Int, length: Int = 1) throws {
        let name = String(repeating: "d", count: length)
        var place = try opened(open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        defer { close(place) }
        for _ in 0..<levels {
            guard mkdirat(place, name, 0o755) == 0 else { throw TestProgramFailure("cannot nest in \(directory)") }
            let next = try opened(openat(place, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
            close(place)
            place = next
        }
        close(try opened(openat(place, "leaf", O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)))
    }

    private static func opened(_ descriptor: Int32) throws -> Int32 {
        guard descriptor >= 0 else { throw TestProgramFailure("cannot open: \(String(cString: strerror(errno)))") }
        return descriptor
    }
}
