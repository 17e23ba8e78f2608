import Foundation
import Model
import Testing

@Suite("When cron is due")
struct DueTimesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let schedule: String
        let before: String
        let last: [String]
        var zone = "UTC"
        var testDescription: String { "\(schedule) before \(before) in \(zone)" }
    }

    static let cases = [
        Case(schedule: "*/5 * * * *", before: "2026-11-21T10:02", last: ["2026-11-21T10:00", "2026-11-21T09:55"]),
        Case(schedule: "*/5 * * * *", before: "2026-11-21T10:00", last: ["2026-11-21T09:55", "2026-11-21T09:50"]),
        Case(schedule: "30 3 * * *", before: "2026-11-21T03:29", last: ["2026-11-20T03:30", "2026-11-19T03:30"]),
        Case(
            schedule: "0-30/10 0,12 1 jan *", before: "2026-11-21T03:29",
            last: ["2026-01-01T12:30", "2026-01-01T12:20"]),
        Case(schedule: "0 0 29 2 *", before: "2026-11-21T00:00", last: ["2024-02-29T00:00", "2020-02-29T00:00"]),
        // Either day fits where both are given; both must where one begins with '*'.
        Case(schedule: "0 4 15 * mon", before: "2026-11-17T00:00", last: ["2026-11-16T04:00", "2026-11-15T04:00"]),
        Case(schedule: "0 4 */2 * 7", before: "2026-11-21T00:00", last: ["2026-11-15T04:00", "2026-11-01T04:00"]),
        Case(schedule: "0 4 * * sun", before: "2026-11-21T00:00", last: ["2026-11-15T04:00", "2026-11-08T04:00"]),
        Case(schedule: "0 0 31 2 *", before: "2026-11-21T00:00", last: []),
        Case(
            schedule: "0 3 * * *", before: "2026-11-21T01:30", last: ["2026-11-20T02:00", "2026-11-19T02:00"],
            zone: "Europe/Berlin"),
        // Clocks go from 02:00 to 03:00 on 2026-03-29, and from 03:00 to 02:00 on 2026-10-25.
        Case(
            schedule: "30 2 * * *", before: "2026-03-30T12:00", last: ["2026-03-30T00:30", "2026-03-29T01:30"],
            zone: "Europe/Berlin"),
        Case(
            schedule: "30 2 * * *", before: "2026-10-26T12:00", last: ["2026-10-26T01:30", "2026-10-25T00:30"],
            zone: "Europe/Berlin"),
        Case(
            schedule: "0 9 * * *", before: "2026-01-01T00:30", last: ["2026-01-01T00:00", "2025-12-31T00:00"],
            zone: "Asia/Tokyo"),
    ]

    @Test("the last two times before a moment are those of cron", arguments: cases)
    func last(test: Case) throws {
        let due = try #require(DueTimes(test.schedule))
        let zone = try #require(TimeZone(identifier: test.zone))
        let found = due.last(2, before: try moment(test.before)) { time in
            Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time.milliseconds) / 1000)))
        }
        #expect(found == (try test.last.map(moment)))
    }

    @Test("what cron does not understand is never due")
    func wrong() { #expect(DueTimes("@daily") == nil) }

    private func moment(_ text: String) throws -> Timestamp {
        let date = try Date("\(text):00Z", strategy: .iso8601)
        return Timestamp(milliseconds: Int64(date.timeIntervalSince1970) * 1000)
    }
}
