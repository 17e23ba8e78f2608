/// A moment: milliseconds since 1970-01-01 UTC.
public struct Timestamp: Hashable, Sendable, Codable, Comparable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    /// Of any two: a file may say any number, whose difference to now has no room in 64 bits.
    public func since(_ earlier: Self) -> Duration {
        Duration.milliseconds(milliseconds) - Duration.milliseconds(earlier.milliseconds)
    }

    /// Whether `pause` is over since `earlier`. It is too where that lies ahead: a clock that was wrong must not make anything
    /// wait until its time comes.
    public func isAfter(_ pause: Duration, since earlier: Self) -> Bool {
        let passed = since(earlier)
        return passed < .zero || passed >= pause
    }

    /// Not later than what can be read back: a configuration may say any pause.
    public func adding(_ pause: Duration) -> Self {
        let moment = Duration.milliseconds(milliseconds) + pause
        return Self(milliseconds: min(moment, .milliseconds(Self.known.upperBound)).wholeMilliseconds)
    }

    /// Refuses what is before the year 1 or after the year 9999.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        milliseconds = try container.decode(Int64.self)
        guard Self.known.contains(milliseconds) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(milliseconds) is no time")
        }
    }

    private static let known: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}
