internal import Glibc

extension Mirror {
    /// Runs `body`, which gets the lock's descriptor, while nobody else changes the mirror. Another holder is waited
    /// for: it has a deadline as we have, and the kernel lets the lock go when it dies.
    func locked<Result>(
        _ report: ProgressReport, _ body: (Int32) throws(GitFailure) -> Result
    ) throws(GitFailure) -> Result {
        let descriptor = open(lockFile, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Directory.failure("open", lockFile) }
        defer { close(descriptor) }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            report.enter(.waiting)
            while flock(descriptor, LOCK_EX) != 0 {
                guard errno == EINTR else { throw Directory.failure("lock", lockFile) }
            }
        }
        return try body(descriptor)
    }
}
