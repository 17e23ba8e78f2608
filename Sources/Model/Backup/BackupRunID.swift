internal import FoundationEssentials

/// The name of one backup run: the moment at which it began, in UTC: `20261121T020000Z`. Names sort by time.
public struct BackupRunID: WrittenValue, Comparable {
    public static let form = "a run such as '20261121T020000Z'"

    public let description: String

    public init?(_ text: String) {
        guard text.wholeMatch(of: /[0-9]{8}T[0-9]{6}Z/) != nil, let moment = try? Self.style.parse(text),
            moment.formatted(Self.style) == text
        else { return nil }
        description = text
    }

    /// Never one that is not after `last`: a clock that was set back must not make the newest backup look old.
    public init(at moment: Timestamp, after last: BackupRunID? = nil) {
        let earliest = last.map { $0.moment.milliseconds / 1000 + 1 } ?? .min
        let seconds = max(moment.milliseconds / 1000, earliest)
        description = Date(timeIntervalSince1970: Double(seconds)).formatted(Self.style)
    }

    /// When it began.
    public var moment: Timestamp {
        let date = (try? Self.style.parse(description)) ?? Date(timeIntervalSince1970: 0)
        return Timestamp(milliseconds: Int64(date.timeIntervalSince1970) * 1000)
    }

    public static func < (left: Self, right: Self) -> Bool { left.description < right.description }

    private static let style = Date.ISO8601FormatStyle(
        dateSeparator: .omitted, dateTimeSeparator: .standard, timeSeparator: .omitted, timeZone: .gmt)
}
