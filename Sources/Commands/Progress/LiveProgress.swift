public import Deploying
internal import Model
internal import Synchronization

/// Progress for a terminal: finished steps stay, the running one is redrawn in place.
public final class LiveProgress: DeploymentObserver {
    private struct Drawn {
        var board: ProgressBoard
        /// Lines on the screen that the next drawing replaces.
        var liveLines = 0
    }

    private let console: Console
    private let clock: HostClock
    private let drawn: Mutex<Drawn>

    public init(console: Console, style: TextStyle) {
        self.console = console
        clock = style.clock
        drawn = Mutex(Drawn(board: ProgressBoard(style: style)))
    }

    public func deployment(_ event: DeploymentEvent) {
        let now = clock.now()
        drawn.withLock { drawn in
            let lasting = drawn.board.apply(event, at: now)
            // Pulls report many times a second: `animate` shows them, so that drawing costs no CPU to speak of.
            if case .progress = event { return }
            draw(&drawn, lasting, now)
        }
    }

    /// Redraws the running step until it is cancelled.
    public func animate() async {
        while (try? await Task.sleep(for: .milliseconds(100))) != nil {
            let now = clock.now()
            drawn.withLock { draw(&$0, [], now) }
        }
    }

    /// Writes `lines` above the running step.
    public func print(_ lines: [String]) {
        let now = clock.now()
        drawn.withLock { draw(&$0, lines, now) }
    }

    private func draw(_ drawn: inout Drawn, _ lasting: [String], _ now: Timestamp) {
        let live = drawn.board.live(at: now, columns: console.columns())
        guard !lasting.isEmpty || !live.isEmpty || drawn.liveLines > 0 else { return }
        let erase = drawn.liveLines > 0 ? "\u{1B}[\(drawn.liveLines)A\r\u{1B}[J" : ""
        drawn.liveLines = live.count
        console.writeChatter(erase + (lasting + live).map { $0 + "\n" }.joined())
    }
}
