/// A mount point at which every look fails, as of a disk that died or a server that went: its file system's program is gone.
public enum DeadDisk {
    public static func mount(at path: String) throws {
        let script =
            #"exec 3<>/dev/fuse && mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 dead "$0""#
        try TestProgram("bash", ["-c", script, path]).run()
    }

    public static func unmount(_ path: String) throws { try TestProgram("umount", ["--lazy", path]).run() }
}
