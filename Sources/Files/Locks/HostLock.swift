internal import Glibc
public import Model

/// The one lock of this host: deployments, backups, hotfixes and cron scripts exclude each other with it.
///
/// A kernel lock on an open file: it ends with the value, or with the process however that dies. The file's existence
/// means nothing.
public struct HostLock: ~Copyable {
    private let file: Descriptor

    private init(file: consuming Descriptor) { self.file = file }

    deinit {
        // What the next one reads in the file must not name a holder that is gone.
        ftruncate(file.number, 0)
        // Closing is not enough: a child process that is being started has a copy of the descriptor until its exec.
        flock(file.number, LOCK_UN)
    }

    /// Takes the lock at `path`, made with its directory when missing, waiting at most `wait` for another holder.
    ///
    /// Throws an error that names the holder; its disposition is `transient`. `command` and `now` tell others who holds it.
    public static func acquire(
        at path: String, command: String, now: Timestamp, wait: Duration = .zero
    ) async throws(HostError) -> HostLock {
        guard let lock = try await take(path, command: command, now: now, wait: wait) else {
            throw refused(path, now: now)
        }
        return lock
    }

    /// `nil` when another one holds it all the time.
    private static func take(
        _ path: String, command: String, now: Timestamp, wait: Duration
    ) async throws(HostError) -> HostLock? {
        try PathName.createDirectories(PathName.directory(of: path))
        let deadline = ContinuousClock.now + wait
        while true {
            if let lock = try attempt(path) {
                lock.sign(LockHolder(process: getpid(), command: command, since: now))
                return lock
            }
            guard ContinuousClock.now < deadline else { return nil }
            do {
                try await Task.sleep(for: .milliseconds(50))
            } catch {
                throw HostError("waiting for the lock '\(path)' was interrupted", disposition: .interrupted)
            }
        }
    }

    /// For the daemon, as long as it runs: two of them on one state directory would each deploy, repair and back up.
    ///
    /// Throws who has it; waits at most `wait` for one that ends.
    public static func ofDaemon(
        stateDirectory: String, command: String, now: Timestamp, wait: Duration = .seconds(5)
    ) async throws(HostError) -> HostLock {
        let path = "\(stateDirectory)/daemon.lock"
        guard let lock = try await take(path, command: command, now: now, wait: wait) else {
            let holder = LockHolder.read(at: path)?.descriptionSince ?? "another process"
            throw HostError(
                "another daemon works with the state directory '\(stateDirectory)': \(holder)",
                hint: "let one of them run: 'systemctl status fairlead' shows the one of systemd")
        }
        return lock
    }

    private static func attempt(_ path: String) throws(HostError) -> HostLock? {
        // Not inherited by child processes: a container monitor would go on holding it.
        let file = try Descriptor(path, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
        guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw HostError.failed("lock '\(path)'") }
            return nil
        }
        // Somebody removed the file meanwhile: a lock on it would exclude nobody.
        guard try FileStatus(file.status()).inode == FileStatus.at(path).inode else { return nil }
        return HostLock(file: file)
    }

    private borrowing func sign(_ holder: LockHolder) {
        let bytes = holder.line
        // For people only; without it the lock holds as well.
        ftruncate(file.number, 0)
        _ = bytes.withUnsafeBytes { pwrite(file.number, $0.baseAddress, $0.count, 0) }
    }

    private static func refused(_ path: String, now: Timestamp) -> HostError {
        let holder = LockHolder.read(at: path).map { "\($0.description(at: now))" } ?? "another process"
        return HostError(
            "this host is busy: the lock '\(path)' is held by \(holder)", hint: "try again when it has finished",
            disposition: .transient)
    }
}
