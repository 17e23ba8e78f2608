internal import Model

/// Where something is mounted inside a container.
struct MountTarget: Hashable {
    enum Kind {
        case volume, tmpfs, directory, file
        /// A file or a directory of the vendor's: which of them is seen when it is fetched.
        case release
    }

    let path: String
    let pointer: String
    let kind: Kind

    /// `nil` when something can be mounted there.
    static func problem(with path: String) -> (message: String, hint: String)? {
        let form = "write an absolute path inside the container, such as '/var/lib/data', without '..' and trailing '/'"
        guard path.hasPrefix("/"), path != "/", RepositoryPath(String(path.dropFirst())) != nil else {
            let trimmed = String(path.dropLast())
            let hint = path.hasSuffix("/") && problem(with: trimmed) == nil ? "write '\(trimmed)'" : form
            return ("'\(path)' cannot be a mount target", hint)
        }
        guard !path.contains(":") else { return ("mount target '\(path)' contains ':'", "choose a path without it") }
        let top = path.pathParts.dropFirst().first ?? ""
        guard !["proc", "sys", "dev"].contains(top) else {
            return ("mount target '\(path)' lies in '/\(top)'", "choose another: '/\(top)' belongs to the kernel")
        }
        return nil
    }

    func contains(_ other: MountTarget) -> Bool { other.path.isBelow(path) }
}
