internal import CLinux
internal import Files
internal import Glibc
internal import Model

/// A directory of the host that a container mounts.
struct HostPath {
    let path: String
    let container: String

    /// Throws unless the directory is there and is what its path says: behind a symbolic link the engine would mount whatever
    /// that leads to, which nobody allowed.
    func check() throws(HostError) {
        let descriptor = linux_open_without_links(path, linux_o_path | O_DIRECTORY)
        if descriptor >= 0 {
            close(descriptor)
            return
        }
        switch errno {
        case ELOOP:
            throw HostError(
                "the directory '\(path)' that container '\(container)' mounts leads over a symbolic link",
                hint: "write the path that 'realpath \(path)' prints, if 'policy.allowedHostPaths' may allow that")
        case ENOENT, ENOTDIR:
            throw HostError(
                "the directory '\(path)' that container '\(container)' mounts does not exist on this host",
                hint: "create or mount it, or correct the volume's 'path'")
        default: throw HostError.failed("look at '\(path)', which container '\(container)' mounts")
        }
    }
}

extension HostSystem {
    /// Right before containers are created with them: what was looked at before anything stopped may be something else by now.
    func checkHostPaths(of plan: ResolvedPlan) throws(HostError) {
        for (name, container) in plan.containers.sorted(by: { $0.key < $1.key }) {
            for volume in container.volumes {
                guard case .path(let path) = volume.source else { continue }
                try HostPath(path: path, container: name).check()
            }
        }
    }
}
