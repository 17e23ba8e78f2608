public import Model

/// How text for people looks: colours or not, and in which time zone.
public struct TextStyle: Sendable {
    public var coloured: Bool
    public var clock: HostClock
    /// Of the screen, in characters; `nil` where lines are not broken.
    public var columns: Int?

    public init(coloured: Bool = false, clock: HostClock = .system, columns: Int? = nil) {
        self.coloured = coloured
        self.clock = clock
        self.columns = columns
    }

    public func good(_ text: String) -> String { paint(text, "32") }
    public func bad(_ text: String) -> String { paint(text, "31") }
    public func warning(_ text: String) -> String { paint(text, "33") }
    public func faint(_ text: String) -> String { paint(text, "2") }
    public func strong(_ text: String) -> String { paint(text, "1") }

    /// `2026-11-21 10:32`, local.
    public func time(_ moment: Timestamp) -> String { civil(moment).minutes }
    /// Of something that was: `2027-11-21 10:32 by a clock that was ahead` where that is still to come.
    public func past(_ moment: Timestamp) -> String {
        time(moment) + (isAhead(moment) ? " by a clock that was ahead" : "")
    }
    public func isAhead(_ moment: Timestamp) -> Bool { moment.since(clock.now()) > .seconds(60) }
    /// Whether what was to be at `moment` has begun or should have: a time that has passed is nobody's next one.
    public func isDue(_ moment: Timestamp) -> Bool { clock.now() > moment }
    /// `2026-11-21 10:32:07`, local.
    public func exactTime(_ moment: Timestamp) -> String { civil(moment).seconds }
    /// `10:32:07`, local.
    public func clockTime(_ moment: Timestamp) -> String { civil(moment).clock }

    /// Broken at words, each line with `margin` before it.
    func wrapped(_ text: String, margin: String = "") -> [String] {
        let lines = WrappedText(columns: columns).lines(text, indent: margin.count)
        return [margin + lines[0]] + lines.dropFirst()
    }

    private func civil(_ moment: Timestamp) -> CivilTime { CivilTime(moment, offset: clock.offset(moment)) }

    private func paint(_ text: String, _ code: String) -> String {
        coloured && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
