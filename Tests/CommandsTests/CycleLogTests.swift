import Logging
import Reconciling
import Testing

@testable import Commands

@Suite("Log of the daemon's cycles")
struct CycleLogTests {
    private struct Failure: Error, CustomStringConvertible { let description: String }

    @Test("a failure is told when it begins, changes and ends, not at every poll")
    func failures() {
        let capture = ConsoleCapture()
        let handler = LineLogHandler(form: .journald, clock: capture.clock, write: capture.console.writeChatter)
        let log = CycleLog(logger: Logger(label: "test") { _ in handler }, clock: capture.clock)
        for text in ["down", "down", "down", "refused"] { log.tell(.failure(Failure(description: text))) }
        #expect(
            capture.chatter == """
                <3>the cycle failed error=down
                <3>the cycle failed error=refused

                """)
    }
}
