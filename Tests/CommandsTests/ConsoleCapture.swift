import Commands
import Model
import Synchronization

/// A console that keeps what is written, and a clock that a test moves.
final class ConsoleCapture: Sendable {
    private let written = Mutex((result: "", chatter: ""))
    private let time = Mutex(Timestamp(milliseconds: 1_795_256_327_120))

    var result: String { written.withLock { $0.result } }
    var chatter: String { written.withLock { $0.chatter } }

    var console: Console {
        Console(
            writeResult: { text in self.written.withLock { $0.result += text } },
            writeChatter: { text in self.written.withLock { $0.chatter += text } })
    }

    var clock: HostClock { HostClock(now: { self.time.withLock { $0 } }) }

    func advance(milliseconds: Int64) {
        time.withLock { $0 = Timestamp(milliseconds: $0.milliseconds + milliseconds) }
    }
}
