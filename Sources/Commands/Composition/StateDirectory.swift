internal import Glibc
internal import Planning

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

/// The state directory cannot be made.
struct StateDirectoryError: Actionable {
    let path: String
    let reason: String

    var message: String { "cannot create the state directory '\(path)': \(reason)" }
    var hint: String { "run as root, or set 'stateDirectory'" }
    var disposition: Disposition { .permanent }
}
