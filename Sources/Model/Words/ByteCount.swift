/// An amount of memory or storage: a number with a unit, such as `512MiB`, `2GiB`, `500MB` or `1048576B`.
public struct ByteCount: WrittenValue {
    public static let form = "a size such as '512MiB'"

    public let bytes: Int64

    public init(bytes: Int64) { self.bytes = bytes }

    private static let units: [(suffix: String, bytes: Int64)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000), ("B", 1),
    ]

    /// `nil` unless `text` is a whole number with one of the units B, kB, KiB, MB, MiB, GB, GiB, TB, TiB.
    public init?(_ text: String) {
        guard let unit = Self.units.first(where: { text.hasSuffix($0.suffix) }),
            let count = Int64(digits: text.dropLast(unit.suffix.count)),
            case (let product, false) = count.multipliedReportingOverflow(by: unit.bytes)
        else { return nil }
        bytes = product
    }

    /// The largest binary unit that gives a whole number.
    public var description: String {
        guard bytes > 0 else { return "0B" }
        let unit = Self.units.first { $0.suffix.hasSuffix("iB") && bytes % $0.bytes == 0 } ?? ("B", 1)
        return "\(bytes / unit.bytes)\(unit.suffix)"
    }

    /// One decimal in the unit that fits, for people: `13.4 MiB`.
    public var rounded: String {
        let unit = Self.units.first { $0.suffix.hasSuffix("iB") && bytes >= $0.bytes } ?? ("B", 1)
        let whole = bytes / unit.bytes
        let tenth = bytes % unit.bytes * 10 / unit.bytes
        return tenth == 0 ? "\(whole) \(unit.suffix)" : "\(whole).\(tenth) \(unit.suffix)"
    }
}
