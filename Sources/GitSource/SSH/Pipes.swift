internal import Glibc

/// The standard input, output and error of a program that is about to start.
struct Pipes {
    private var ends: [(read: Int32, write: Int32)] = []

    init() throws(GitFailure) {
        for _ in 0..<3 {
            var pair: [Int32] = [0, 0]
            guard pipe(&pair) == 0 else { throw Self.failure("make a pipe", errno) }
            for descriptor in pair { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
            ends.append((pair[0], pair[1]))
        }
    }

    /// Starts it in our own process group, so that our deadline ends it too.
    func spawn(_ program: String, _ arguments: [String]) throws(GitFailure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0].read, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1].write, 1)
        posix_spawn_file_actions_adddup2(&actions, ends[2].write, 2)
        var attributes = Self.attributes()
        defer { posix_spawnattr_destroy(&attributes) }
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        let status = posix_spawn(&process, program, &actions, &attributes, &words, environ)
        guard status == 0 else { throw Self.failure("start '\(program)'", status) }
        return process
    }

    /// Closes the other ends; none of ours blocks.
    func keepOurEnds() -> (input: Int32, output: Int32, problems: Int32) {
        close(ends[0].read)
        close(ends[1].write)
        close(ends[2].write)
        let ours = (ends[0].write, ends[1].read, ends[2].read)
        for descriptor in [ours.0, ours.1, ours.2] {
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        }
        return ours
    }

    /// The child ignores SIGPIPE for itself; a program must not inherit that.
    private static func attributes() -> posix_spawnattr_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        return attributes
    }

    private static func failure(_ attempt: String, _ number: Int32) -> GitFailure {
        GitFailure(
            .local, "cannot \(attempt): \(String(cString: strerror(number)))",
            hint: number == ENOENT ? "install openssh-client" : "")
    }
}
