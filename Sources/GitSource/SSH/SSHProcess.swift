internal import Glibc

/// A running `ssh` with its three pipes, used by one thread.
final class SSHProcess {
    private let process: pid_t
    private let input: Int32
    private let output: Int32
    private let problems: Int32
    private var tail: [UInt8] = []
    private var isReaped = false

    init(_ arguments: [String]) throws(GitFailure) {
        let pipes = try Pipes()
        process = try pipes.spawn(SSHArguments.program, arguments)
        (input, output, problems) = pipes.keepOurEnds()
    }

    deinit {
        for descriptor in [input, output, problems] { close(descriptor) }
        // Nothing to be saved: reading ends by going away.
        if !isReaped {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
    }

    /// The number of bytes; 0 at the end, which may be no proper one.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        while wait(for: output, POLLIN) {
            let count = Glibc.read(output, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            guard errno == EAGAIN || errno == EINTR else { return 0 }
        }
        return 0
    }

    /// `false` when ssh does not take it any more.
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard wait(for: input, POLLOUT) else { return false }
            let count = Glibc.write(input, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count > 0 { rest = rest.dropFirst(count) }
            guard count >= 0 || errno == EAGAIN || errno == EINTR else { return false }
        }
        return true
    }

    /// What ssh or the server's git complained about, after the end of the output.
    func complaint() -> String {
        while wait(for: problems, POLLIN), drain() {}
        return String(decoding: tail, as: UTF8.self)
    }

    /// Waits until `descriptor` is ready; meanwhile takes what ssh writes as errors, so that it never blocks on them.
    private func wait(for descriptor: Int32, _ event: Int32) -> Bool {
        var isProblemsOpen = descriptor != problems
        while true {
            var waits = [
                pollfd(fd: descriptor, events: Int16(event), revents: 0),
                pollfd(fd: isProblemsOpen ? problems : -1, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&waits, 2, -1) >= 0 || errno == EINTR else { return false }
            if waits[1].revents != 0 { isProblemsOpen = drain() }
            if waits[0].revents != 0 { return true }
        }
    }

    /// `false` at the end.
    private func drain() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(problems, &buffer, buffer.count)
        guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
        tail.append(contentsOf: buffer.prefix(count))
        // A server may talk for ever.
        if tail.count > 16 << 10 { tail.removeFirst(tail.count - (8 << 10)) }
        return true
    }
}
