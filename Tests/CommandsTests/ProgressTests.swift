import Deploying
import Model
import Synchronization
import Testing

@testable import Commands

@Suite("Progress of a deployment")
struct ProgressTests {
    private static let events: [DeploymentEvent] = [
        .began(
            deployment: 13, commit: CommitID("a1b2c3d4e5a1b2c3d4e5a1b2c3d4e5a1b2c3d4e5"), trigger: .commit,
            changes: [PlanChange(subject: "web", kind: .changed, text: "image 1.0.0 -> 1.1.0")]),
        .stepStarted(.validate), .progress(container: "web", text: "1 MiB"), .progress(container: "web", text: "2 MiB"),
        .container("web", .imageReady), .stepEnded(.validate, .milliseconds(1449), error: nil),
        .stepStarted(.create), .stepEnded(.create, .seconds(1), error: "container 'web' exited with status 1"),
        .ended(deployment: 13, outcome: .containerless, downtimeMilliseconds: 1200),
    ]

    @Test("a container's log, quoted in an error, cannot steer the terminal")
    func steering() {
        let evil = "x\u{1B}[2J\u{202E}y"
        let capture = ConsoleCapture()
        let plain = PlainProgress(console: capture.console, clock: capture.clock)
        let live = LiveProgress(console: capture.console, style: TextStyle(clock: capture.clock))
        let events: [DeploymentEvent] = [
            .note(evil), .stepStarted(.create), .progress(container: "web", text: evil),
            .stepEnded(.create, .seconds(1), error: evil),
        ]
        for event in events {
            plain.deployment(event)
            live.deployment(event)
        }
        #expect(capture.chatter.contains("x[2J<U+202E>y"))
        #expect(!capture.chatter.contains("\u{1B}[2J"))
        #expect(!capture.chatter.contains("\u{202E}"))
    }

    @Test("a pipe gets a line per event, and a pull does not flood it")
    func plain() {
        let capture = ConsoleCapture()
        let progress = PlainProgress(console: capture.console, clock: capture.clock)
        for event in Self.events { progress.deployment(event) }
        #expect(
            capture.chatter == """
                deployment #13 of a1b2c3d4e5
                  web: image 1.0.0 -> 1.1.0
                - validate, fetch images
                  web: 1 MiB
                  web: image ready
                ✓ validate, fetch images  1.4 s
                - create and start
                ✗ create and start  1 s  container 'web' exited with status 1
                deployment #13: rolled back to containerless, downtime 1.2 s

                """)
    }

    @Test("a terminal shows the running step with its containers below the finished ones")
    func board() {
        var board = ProgressBoard(style: TextStyle())
        let start = Timestamp(milliseconds: 0)
        for event in Self.events.prefix(4) { _ = board.apply(event, at: start) }
        _ = board.apply(.progress(container: "database", text: "waiting"), at: start)
        let live = board.live(at: Timestamp(milliseconds: 2100), columns: 80)
        #expect(live == ["⠙ validate, fetch images  2 s", "  web       2 MiB", "  database  waiting"])
        #expect(board.apply(Self.events[5], at: start) == ["✓ validate, fetch images  1.4 s"])
        #expect(board.live(at: start, columns: 80) == [])
    }

    @Test("live lines never wrap, so that redrawing replaces exactly what was drawn")
    func narrow() {
        var board = ProgressBoard(style: TextStyle())
        _ = board.apply(.stepStarted(.create), at: Timestamp(milliseconds: 0))
        _ = board.apply(
            .progress(container: "web", text: String(repeating: "x", count: 200)), at: Timestamp(milliseconds: 0))
        #expect(board.live(at: Timestamp(milliseconds: 0), columns: 40).allSatisfy { $0.count < 40 })
    }

    @Test("the live display erases as many lines as it drew")
    func redraw() {
        let capture = ConsoleCapture()
        let progress = LiveProgress(console: capture.console, style: TextStyle(clock: capture.clock))
        progress.deployment(.stepStarted(.validate))
        progress.deployment(.container("web", .imageReady))
        progress.deployment(.stepEnded(.validate, .seconds(1), error: nil))
        #expect(
            capture.chatter == "⠋ validate, fetch images\n"
                + "\u{1B}[1A\r\u{1B}[J⠋ validate, fetch images\n  web  image ready\n"
                + "\u{1B}[2A\r\u{1B}[J✓ validate, fetch images  1 s\n")
    }
}
