internal import Glibc

extension Mirror {
    /// Runs `body` while nobody else changes the mirror; waits for another holder, which has a deadline as we have.
    /// The kernel lets the lock go when its holder dies.
    func locked<Result>(_ body: () throws(GitFailure) -> Result) throws(GitFailure) -> Result {
        // The first command on a host may be `fairlead plan`, before anything made the state directory.
        if access(parent, F_OK) != 0 { try Directory.create(parent, mode: 0o700) }
        let descriptor = open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Directory.failure("open", "\(path).lock") }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw Directory.failure("lock", "\(path).lock") }
        }
        return try body()
    }
}
