/// The five time fields of a crontab line.
package enum CronSchedule {
    struct Field: Sendable {
        let name: String
        let range: ClosedRange<Int>
        /// Three-letter names, standing for `range.lowerBound` and following.
        var names: [String] = []
    }

    static let fields = [
        Field(name: "minute", range: 0...59), Field(name: "hour", range: 0...23),
        Field(name: "day of the month", range: 1...31),
        Field(
            name: "month", range: 1...12,
            names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        Field(
            name: "day of the week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ]

    /// `nil` when cron understands `text`.
    package static func problem(with text: String) -> (message: String, hint: String)? {
        let form = "write minute, hour, day of the month, month and day of the week, such as '30 3 * * *'"
        // cron reads '%' and a line end as the end of the entry: the rest would become something else.
        guard !text.contains("%"), !text.unicodeScalars.contains(where: { $0.value < 32 && $0 != "\t" }) else {
            return ("a schedule cannot hold '%' or a line end", form)
        }
        let parts = text.split { $0 == " " || $0 == "\t" }
        guard parts.count == fields.count else {
            return ("schedule '\(text)' has \(parts.count) instead of five fields", form)
        }
        for (part, field) in zip(parts, fields) where !fits(part, field) {
            let (low, high) = (field.range.lowerBound, field.range.upperBound)
            return (
                "'\(part)' is not a \(field.name) of a schedule",
                "write '*', numbers from \(low) to \(high), ranges such as '\(low)-\(low + 3)', steps such as '*/2', "
                    + "or a list of them"
            )
        }
        return nil
    }

    private static func fits(_ text: Substring, _ field: Field) -> Bool {
        text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { fitsItem($0, field) }
    }

    /// `*`, `a`, `a-b`; `*` and ranges with `/step`.
    private static func fitsItem(_ text: Substring, _ field: Field) -> Bool {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let bounds = parts[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let isRange = parts[0] == "*" || bounds.count == 2
        if parts.count == 2 {
            guard isRange, let step = number(parts[1]), step > 0 else { return false }
        }
        if parts[0] == "*" { return true }
        let values = bounds.compactMap { value($0, field) }
        return values.count == bounds.count && values.first ?? 0 <= values.last ?? 0
    }

    static func value(_ text: Substring, _ field: Field) -> Int? {
        if let index = field.names.firstIndex(of: text.lowercased()) { return field.range.lowerBound + index }
        return number(text).flatMap { field.range.contains($0) ? $0 : nil }
    }

    static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }
}
