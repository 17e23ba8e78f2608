internal import Model

/// A moment as calendar and clock show it.
struct CivilTime {
    let year, month, day, hour, minute, second, millisecond: Int64

    /// `offset`: seconds that the clock is ahead of UTC.
    init(_ moment: Timestamp, offset: Int64 = 0) {
        let time = moment.milliseconds + offset * 1000
        let (days, rest) = Self.floorDivide(time, 86_400_000)
        (year, month, day) = Self.date(daysSince1970: days)
        hour = rest / 3_600_000
        minute = rest / 60_000 % 60
        second = rest / 1000 % 60
        millisecond = rest % 1000
    }

    /// `2026-11-21 10:32`.
    var minutes: String { "\(dateText) \(Self.pad(hour)):\(Self.pad(minute))" }
    /// `2026-11-21 10:32:07`.
    var seconds: String { "\(minutes):\(Self.pad(second))" }
    /// `10:32:07`.
    var clock: String { "\(Self.pad(hour)):\(Self.pad(minute)):\(Self.pad(second))" }
    /// ISO 8601 in UTC, for a time without offset: `2026-11-21T10:32:07.120Z`.
    var utc: String { "\(dateText)T\(clock).\(Self.pad(millisecond, 3))Z" }
    /// The same to the second.
    var utcSeconds: String { "\(dateText)T\(clock)Z" }
    /// The same in the name of a file: `20261121T103207Z`.
    var stamp: String { utcSeconds.filter { $0 != "-" && $0 != ":" } }

    private var dateText: String { "\(Self.pad(year, 4))-\(Self.pad(month))-\(Self.pad(day))" }

    /// The proleptic Gregorian date, by counting in eras of 400 years that begin on 1 March.
    private static func date(daysSince1970: Int64) -> (Int64, Int64, Int64) {
        let (era, dayOfEra) = floorDivide(daysSince1970 + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
        let remainder = (value % divisor + divisor) % divisor
        return ((value - remainder) / divisor, remainder)
    }

    private static func pad(_ value: Int64, _ width: Int = 2) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
