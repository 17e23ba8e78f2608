internal import Files
internal import Glibc
public import Model

/// The files of a running container, as its first process sees them.
struct ContainerRoot {
    let process: Int32

    /// An error where there is nothing, and where the way there leads over a symbolic link: what a container makes of its
    /// own files is not to be followed on the host.
    func status(at path: String) throws(HostError) -> stat {
        var here = try Descriptor("/proc/\(process)/root", O_RDONLY | O_DIRECTORY)
        for name in path.split(separator: "/") {
            here = try Descriptor(String(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW, in: here.number)
        }
        return try here.status()
    }
}

extension HostSystem {
    /// Whether the container sees at `target` what lies now in data directory `data` of `stack`; `nil` when it cannot be
    /// told.
    public func sees(_ data: String, of stack: String, at target: String, in container: ContainerStatus) -> Bool? {
        let path = dataDirectories(of: stack).path(of: data)
        guard let process = container.process,
            let there = try? ContainerRoot(process: process).status(at: target),
            // The engine follows a link.
            let here = try? Descriptor(path, O_RDONLY | O_DIRECTORY).status()
        else { return nil }
        return here.st_dev == there.st_dev && here.st_ino == there.st_ino
    }
}
