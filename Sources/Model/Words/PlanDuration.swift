/// A length of time in a plan: a whole number with a unit, such as `500ms`, `30s`, `5m`, `2h` or `14d`.
public struct PlanDuration: WrittenValue {
    public static let form = "a duration such as '30s'"

    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }
    public static func seconds(_ seconds: Int64) -> Self { Self(milliseconds: seconds * 1000) }

    private static let units: [(suffix: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// `nil` unless `text` is a number with one of the units ms, s, m, h, d.
    public init?(_ text: String) {
        guard let unit = Self.units.first(where: { text.hasSuffix($0.suffix) }),
            let count = Int64(digits: text.dropLast(unit.suffix.count)),
            case (let product, false) = count.multipliedReportingOverflow(by: unit.milliseconds)
        else { return nil }
        milliseconds = product
    }

    public var duration: Duration { .milliseconds(milliseconds) }

    /// The largest unit that gives a whole number.
    public var description: String {
        guard milliseconds > 0 else { return "0s" }
        let unit = Self.units.last { milliseconds % $0.milliseconds == 0 } ?? Self.units[0]
        return "\(milliseconds / unit.milliseconds)\(unit.suffix)"
    }
}
