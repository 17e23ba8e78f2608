internal import Glibc

/// A mount point at which every look fails, as of a disk that died or a server that went: its file system's program is gone.
public enum DeadDisk {
    public static func mount(at path: String) throws { try SilentDisk(at: path).answer() }

    public static func unmount(_ path: String) throws { try TestProgram("umount", ["--lazy", path]).run() }
}

/// A mount point at which every look waits, as of a server that does not answer, until it is told to fail.
public struct SilentDisk {
    private let device: Int32

    public init(at path: String) throws {
        device = open("/dev/fuse", O_RDWR | O_CLOEXEC)
        let options = "fd=\(device),rootmode=40000,user_id=0,group_id=0"
        guard device >= 0, Glibc.mount("silent", path, "fuse", 0, options) == 0 else {
            throw TestProgramFailure("cannot mount '\(path)': error \(errno)")
        }
    }

    /// Whatever waits ends with an error, and all that comes later does at once.
    public func answer() { close(device) }
}
