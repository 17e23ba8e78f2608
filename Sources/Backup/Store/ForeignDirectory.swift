internal import CLinux
internal import Files
internal import Glibc
internal import Model

/// A directory that a plan names for backups. Whoever else can write there may have put links into it, and above it.
struct ForeignDirectory {
    let path: String
    /// For errors.
    let target: String

    /// Throws where the way to it leads over a symbolic link, or it is the host's own business; it may be missing.
    func check(own: [String]) throws(HostError) {
        if let directory = HostDirectory.protected(by: path, own: own) {
            throw HostError(
                "'\(path)' of backup target '\(target)' is no place for backups: it holds, or lies in, '\(directory)'",
                hint: "name a directory of its own, such as '/mnt/backup'")
        }
        _ = try closest()
    }

    /// Makes it, and what is missing above it; what exists stays as it is.
    func create() throws(HostError) {
        var directory = try closest()
        for name in path.dropFirst(directory.path.count).split(separator: "/").map(String.init) {
            guard mkdirat(directory.number, name, 0o777) == 0 || errno == EEXIST else {
                throw HostError.failed("create '\(path)' of backup target '\(target)'")
            }
            let place = directory.path == "/" ? "/\(name)" : "\(directory.path)/\(name)"
            directory = try Descriptor(
                name, linux_o_path | O_DIRECTORY | O_NOFOLLOW, in: directory.number, shownAs: place)
        }
    }

    /// The closest directory above it that is there, or itself.
    private func closest() throws(HostError) -> Descriptor {
        var place = path
        while true {
            let descriptor = linux_open_without_links(place, linux_o_path | O_DIRECTORY)
            if descriptor >= 0 { return Descriptor(owning: descriptor, path: place) }
            switch errno {
            case ENOENT where place != "/": place = PathName.directory(of: place)
            case ELOOP:
                throw HostError(
                    "'\(path)' of backup target '\(target)' leads over a symbolic link",
                    hint: "name the directory itself: 'realpath \(path)' tells it")
            case ENOTDIR:
                throw HostError("'\(place)' is no directory", hint: "correct 'directory' of backup target '\(target)'")
            default: throw HostError.failed("open '\(place)' of backup target '\(target)'")
            }
        }
    }
}
