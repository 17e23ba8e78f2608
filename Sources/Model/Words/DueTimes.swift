/// The moments at which Debian's cron starts what has a schedule.
public struct DueTimes: Sendable {
    /// In the order of the fields: minutes, hours, days, months, days of the week (Sunday is 0).
    private let values: [Set<Int>]
    /// Both fields of days must fit where one of them begins with `*`; otherwise either may.
    private let needsBothDays: Bool

    /// `nil` for what cron would not understand.
    public init?(_ schedule: String) {
        guard CronSchedule.problem(with: schedule) == nil else { return nil }
        let parts = schedule.split { $0 == " " || $0 == "\t" }
        var values = zip(parts, CronSchedule.fields).map { part, field in
            part.split(separator: ",").reduce(into: Set<Int>()) { $0.formUnion(Self.values(of: $1, field)) }
        }
        if values[4].contains(7) { values[4].insert(0) }
        self.values = values
        needsBothDays = parts[2].hasPrefix("*") || parts[4].hasPrefix("*")
    }

    /// The last `count` of them before `moment`, newest first; fewer when there are none within nine years.
    ///
    /// `offset` is what local time is ahead of UTC at a moment, in seconds. A time that does not exist, when clocks go
    /// forward, is due that much later; one that comes twice is due the first time.
    public func last(_ count: Int, before moment: Timestamp, offset: (Timestamp) -> Int64) -> [Timestamp] {
        var found: [Timestamp] = []
        // A day more: clocks may have moved.
        var day = (moment.milliseconds / 1000 + offset(moment)).flooredQuotient(by: 86_400) + 1
        let earliest = day - 9 * 366
        while found.count < count, day > earliest {
            if isDue(on: CivilDay(number: day)) {
                found += times(ofDay: day).map { Self.moment(local: $0, offset) }.filter { $0 < moment }
                    .sorted(by: >)
            }
            day -= 1
        }
        return Array(found.prefix(count))
    }

    private func isDue(on day: CivilDay) -> Bool {
        guard values[3].contains(day.month) else { return false }
        let (fitsDay, fitsWeekday) = (values[2].contains(day.day), values[4].contains(day.weekday))
        return needsBothDays ? fitsDay && fitsWeekday : fitsDay || fitsWeekday
    }

    /// In seconds of local time since 1970.
    private func times(ofDay day: Int64) -> [Int64] {
        values[1].flatMap { hour in values[0].map { day * 86_400 + Int64(hour * 3600 + $0 * 60) } }
    }

    private static func moment(local: Int64, _ offset: (Timestamp) -> Int64) -> Timestamp {
        let before = offset(Timestamp(milliseconds: (local - 86_400) * 1000))
        let after = offset(Timestamp(milliseconds: (local + 86_400) * 1000))
        let candidates = [before, after].map { Timestamp(milliseconds: (local - $0) * 1000) }
        let existing = candidates.filter { $0.milliseconds / 1000 + offset($0) == local }
        return existing.min() ?? candidates[0]
    }

    private static func values(of item: Substring, _ field: CronSchedule.Field) -> Set<Int> {
        let parts = item.split(separator: "/")
        let step = parts.count == 2 ? CronSchedule.number(parts[1]) ?? 1 : 1
        let bounds = parts[0].split(separator: "-").compactMap { CronSchedule.value($0, field) }
        guard parts[0] != "*", let low = bounds.first, let high = bounds.last else {
            return Set(stride(from: field.range.lowerBound, through: field.range.upperBound, by: step))
        }
        return Set(stride(from: low, through: high, by: step))
    }
}

/// A day of the Gregorian calendar.
private struct CivilDay {
    let month: Int
    let day: Int
    /// Sunday is 0.
    let weekday: Int

    /// `number`: days since 1970-01-01.
    init(number: Int64) {
        // Years begin in March here, so that the leap day is the last one.
        let shifted = number + 719_468
        let dayOfEra = shifted - shifted.flooredQuotient(by: 146_097) * 146_097
        let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * marchMonth + 2) / 5 + 1)
        month = Int(marchMonth < 10 ? marchMonth + 3 : marchMonth - 9)
        weekday = Int(number + 4 - (number + 4).flooredQuotient(by: 7) * 7)
    }
}

extension Int64 {
    fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
