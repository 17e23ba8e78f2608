internal import FoundationEssentials
internal import Model

/// A moment as HTTP has it: `Mon, 28 Jun 2021 05:55:48 GMT`.
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    /// 1 January 1970 was a Thursday.
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]

    static func text(_ moment: Timestamp) -> String {
        let seconds = moment.milliseconds / 1000
        let iso = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
        let parts = iso.split { "-T:Z".contains($0) }.map(String.init)
        guard parts.count == 6, let month = Int(parts[1]) else { return iso }
        let weekday = weekdays[Int(seconds / 86_400 % 7)]
        return "\(weekday), \(parts[2]) \(months[month - 1]) \(parts[0]) \(parts[3]):\(parts[4]):\(parts[5]) GMT"
    }

    static func moment(_ text: String) -> Timestamp? {
        guard let match = text.wholeMatch(of: /[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) GMT/),
            let month = months.firstIndex(of: String(match.2))
        else { return nil }
        let number = (month < 9 ? "0" : "") + String(month + 1)
        guard let date = try? Date("\(match.3)-\(number)-\(match.1)T\(match.4)Z", strategy: .iso8601) else {
            return nil
        }
        return Timestamp(milliseconds: Int64(date.timeIntervalSince1970) * 1000)
    }
}
