internal import Files
internal import Glibc

/// A script that a Fairlead started which was killed: it goes on without it.
enum OrphanedScript {
    /// Ends `process` and all that it started, if it is a script of ours: one whose arguments name `path`.
    static func end(_ process: pid_t, mentioning path: String) {
        guard process > 1, isRunning(process, mentioning: path) else { return }
        kill(-process, SIGKILL)
        kill(process, SIGKILL)
        // What it had under way must not come after what is done next.
        for _ in 0..<500 where kill(-process, 0) == 0 { usleep(10_000) }
    }

    private static func isRunning(_ process: pid_t, mentioning path: String) -> Bool {
        let line = (try? Descriptor("/proc/\(process)/cmdline", O_RDONLY).read(limit: 1 << 20)) ?? []
        return String(decoding: line, as: UTF8.self).contains(path)
    }
}
