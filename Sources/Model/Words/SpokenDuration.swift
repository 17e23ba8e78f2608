/// Lengths of time for people.
package enum SpokenDuration {
    /// `320 ms`, `1.4 s`, `2 min 5 s`, `3 h 12 min`, `4 d 2 h`.
    package static func text(milliseconds: Int64) -> String {
        let seconds = milliseconds / 1000
        return switch milliseconds {
        case ..<0: "0 ms"
        case ..<1000: "\(milliseconds) ms"
        case ..<60_000: tenths(milliseconds / 100)
        case ..<3_600_000: pair(seconds / 60, "min", seconds % 60, "s")
        case ..<86_400_000: pair(seconds / 3600, "h", seconds / 60 % 60, "min")
        default: pair(seconds / 86_400, "d", seconds / 3600 % 24, "h")
        }
    }

    /// `downtime 1.4 s`, or `downtime at least 8 s, at most 1 min 2 s`; `nil` when nothing was down.
    package static func downtime(milliseconds: Int64?, atMost: Int64?) -> String? {
        guard let milliseconds else { return nil }
        let least = text(milliseconds: milliseconds)
        guard let atMost, case let most = text(milliseconds: atMost), most != least else { return "downtime \(least)" }
        return "downtime at least \(least), at most \(most)"
    }

    private static func tenths(_ tenths: Int64) -> String {
        tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }

    private static func pair(_ large: Int64, _ largeUnit: String, _ small: Int64, _ smallUnit: String) -> String {
        small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
    }
}
