internal import Glibc
public import Model

/// Lets a copy of the data go on beside the host's lock, and has it give way to whoever acts on the stack.
///
/// A copy holds `copy.lock`. Who acts on the stack holds it too, beside the host's lock, and until then a shared lock on
/// `copy.wanted`, which every copy looks at. Both are locks of the kernel: a kill leaves none behind.
public struct CopyLock: Sendable {
    private let directory: String

    /// `hostLock`: the path of the host's lock.
    public init(beside hostLock: String) { directory = PathName.directory(of: hostLock) }

    package var path: String { "\(directory)/copy.lock" }
    private var wish: String { "\(directory)/copy.wanted" }

    /// For a copy; waits at most `wait` for whoever acts on the stack.
    package func take(command: String, now: Timestamp, wait: Duration) async throws(HostError) -> HostLock {
        let deadline = ContinuousClock.now + wait
        while true {
            let left = max(.zero, deadline - ContinuousClock.now)
            let lock = try await HostLock.acquire(at: path, command: command, now: now, wait: left)
            if !isWanted { return lock }
            _ = consume lock
            guard ContinuousClock.now < deadline else {
                throw HostError("this host is busy: somebody acts on the stack", disposition: .transient)
            }
            await pause()
        }
    }

    /// For who acts on the stack, and holds the host's lock: has the copy that runs give way, and keeps others away.
    public func preempt(command: String, now: Timestamp, wait: Duration) async throws(HostError) -> HostLock {
        try await HostLock.acquire(at: path, command: command, now: now, wait: wait)
    }

    /// Tells the copy that runs that somebody waits for its end, as long as the value lives.
    public func want() async throws(HostError) -> CopyWish {
        try PathName.createDirectories(directory)
        let file = try Descriptor(wish, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
        // A copy that looks has it for a moment only.
        for _ in 0..<100 {
            if flock(file.number, LOCK_SH | LOCK_NB) == 0 { break }
            await pause()
        }
        return CopyWish(file: file)
    }

    /// Somebody waits for the end of the copy.
    package var isWanted: Bool {
        guard let file = try? Descriptor(wish, O_RDWR | O_NOFOLLOW) else { return false }
        guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else { return errno == EWOULDBLOCK }
        flock(file.number, LOCK_UN)
        return false
    }

    private func pause() async { try? await Task.sleep(for: .milliseconds(50)) }
}

/// Somebody waits for the end of a copy.
public struct CopyWish: ~Copyable {
    private let file: Descriptor

    package init(file: consuming Descriptor) { self.file = file }

    // Closing is not enough: a child process that is being started has a copy of the descriptor until its exec.
    deinit { flock(file.number, LOCK_UN) }
}
