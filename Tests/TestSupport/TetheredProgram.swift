internal import Foundation
internal import Glibc

/// A program that ends by itself when this process ends, however that ends: its standard input ends then.
final class TetheredProgram: Sendable {
    private let daemon: TestDaemon
    private let descriptor: Int32

    init(_ program: TestProgram, log: String) throws {
        // No pipe: writing into one whose reader is gone would end this process.
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw TestProgramFailure("no socket pair: error \(errno)")
        }
        descriptor = ends[0]
        let output = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer { for end in [ends[1], output] { close(end) } }
        daemon = TestDaemon(process: try program.spawn(input: ends[1], output: output))
    }

    deinit { stop() }

    /// Writes a line to its standard input.
    func tell(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Lets it end, and waits for that.
    private func stop() {
        close(descriptor)
        daemon.wait()
    }
}
