internal import FoundationEssentials
internal import Glibc

/// The hidden subcommand `fairlead internal-git`: one network operation of libgit2 in a process that can be killed.
///
/// libgit2 1.5 has no time-outs. The parent kills the process with its group when it has been silent for too long.
public enum GitChild {
    public static let subcommand = "internal-git"

    /// Reads a request from standard input, writes messages to standard output; the exit status.
    public static func main() -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        do {
            let request = try JSONDecoder().decode(ChildRequest.self, from: Data(readInput()))
            let report = ProgressReport(patience: request.patience, whole: request.seconds) { progress in
                (try? write(.progress(progress))) != nil
            }
            beFirstToGo()
            try write(.answer(answer(to: request, report)))
            return 0
        } catch {
            try? write(Array("\(error)\n".utf8), to: STDERR_FILENO)
            return 70
        }
    }

    private static func answer(to request: ChildRequest, _ report: ProgressReport) -> ChildResponse {
        do throws(GitFailure) {
            try ChildConfinement(request: request).apply()
        } catch {
            return ChildResponse(failure: error)
        }
        return respond(to: request, report)
    }

    private static func respond(to request: ChildRequest, _ report: ProgressReport) -> ChildResponse {
        guard !request.operation.isLocal else { return LocalWork(request: request, report: report).run() }
        do {
            return try ChildWork(request, report).run()
        } catch {
            return ChildResponse(failure: error)
        }
    }

    /// When memory runs out, because of what a server sends, the kernel ends this process and no container.
    private static func beFirstToGo() {
        let descriptor = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        try? write(Array("1000".utf8), to: descriptor)
        close(descriptor)
    }

    private static func readInput() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
        }
    }

    private static func write(_ message: ChildMessage) throws {
        try write([UInt8](JSONEncoder().encode(message)) + [UInt8(ascii: "\n")])
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32 = STDOUT_FILENO) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Directory.failure("write", "standard output") }
            rest = rest.dropFirst(count)
        }
    }
}
