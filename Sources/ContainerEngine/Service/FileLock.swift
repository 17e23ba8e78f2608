internal import Glibc
internal import Model

/// A kernel lock on an open file; it goes with the process that holds it.
enum FileLock {
    /// Runs `body` while no other process and no other call holds the lock on `path`.
    static func holding<Result>(
        _ path: String, within patience: Duration, _ action: String = "start the podman service",
        _ body: () async throws -> Result
    ) async throws -> Result {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw EngineError(
                .unreachable, "cannot open the lock '\(path)': \(String(cString: strerror(errno)))",
                hint: "run Fairlead as root", disposition: .transient)
        }
        defer { close(descriptor) }
        let end = ContinuousClock.now + patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard ContinuousClock.now < end else {
                throw EngineError(
                    .timedOut, "cannot \(action): another process holds '\(path)' for \(patience)",
                    hint: "it will be tried again", disposition: .transient)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return try await body()
    }
}
