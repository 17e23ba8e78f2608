internal import Glibc
internal import Model

/// Where Fairlead keeps what it knows; nobody but root may look into it.
struct StateDirectory {
    let path: String

    /// Makes it, with its parents, where it is missing; one that exists stays as it is.
    func create() throws(StateDirectoryError) {
        var made = ""
        for part in path.split(separator: "/") {
            made += "/\(part)"
            guard mkdir(made, 0o700) != 0, errno != EEXIST else { continue }
            throw StateDirectoryError(path: path, reason: String(cString: strerror(errno)))
        }
    }
}

extension StateDirectory {
    /// `O_TMPFILE` of fcntl.h, whose form Swift does not import.
    private static let unnamed = 0o20_000_000 | O_DIRECTORY

    /// Why nothing can be written there, as the disk has it; `nil` too for whoever may not write there anyway.
    var obstacle: String? {
        // It has no name, so that nothing of it can be left.
        let file = open(path, Self.unnamed | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else { return Self.words(errno) }
        defer { close(file) }
        let page = [UInt8](repeating: 0, count: 4096)
        return write(file, page, page.count) < 0 ? Self.words(errno) : nil
    }

    private static func words(_ code: Int32) -> String? {
        guard [ENOSPC, EROFS, EDQUOT, EIO].contains(code) else { return nil }
        return String(cString: strerror(code)).lowercased()
    }
}

/// The state directory cannot be made.
struct StateDirectoryError: Actionable {
    let path: String
    let reason: String

    var message: String { "cannot create the state directory '\(path)': \(reason)" }
    var hint: String { "run as root, or set 'stateDirectory'" }
    var disposition: Disposition { .permanent }
}
