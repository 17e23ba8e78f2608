/// Takes values that nobody may see out of what programs and servers say.
///
/// They often repeat what they were sent in a form of their own, such as the header of a login: a text is read through
/// base64, hex and the escapes of URLs, JSON and HTML, too, one in the other.
public struct Redaction: Sendable {
    private struct Needle {
        let bytes: [UInt8]
        let mark: String
    }

    private struct Find {
        var place: Range<Int>
        let mark: String
    }

    /// By their first four bytes: a text is gone through once, however many there are.
    private var needles: [UInt32: [Needle]] = [:]
    private var begins = [Bool](repeating: false, count: 256)

    /// What is shorter is not telling, and would be found in every other word.
    private static let shortest = 4
    private static let shortestLine = 8
    /// A login in JSON, in base64, in JSON again.
    private static let depth = 3
    /// So many bytes of a text and of what was read out of it are decoded: bounds the work that a server can make.
    private static let limit = 256 << 10

    /// `values`: each with what stands in its place. Values under four bytes stay.
    public init(_ values: [(value: String, mark: String)]) {
        for (value, mark) in values {
            for text in Set([value, Self.trimmed(value[...])] + Self.lines(of: value)) { add(text, mark) }
        }
    }

    private mutating func add(_ text: String, _ mark: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= Self.shortest else { return }
        begins[Int(bytes[0])] = true
        needles[Self.head(of: bytes, at: 0), default: []].append(Needle(bytes: bytes, mark: mark))
    }

    /// Those of a key in several lines, which may be repeated one by one. Its first and last line are no secret.
    private static func lines(of value: String) -> [String] {
        let lines = value.split(whereSeparator: \.isNewline)
        guard lines.count > 1 else { return [] }
        return lines.map(trimmed).filter { $0.utf8.count >= shortestLine && !$0.hasPrefix("-----") }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    private static func head(of bytes: [UInt8], at index: Int) -> UInt32 {
        UInt32(bytes[index]) << 24 | UInt32(bytes[index + 1]) << 16 | UInt32(bytes[index + 2]) << 8
            | UInt32(bytes[index + 3])
    }

    /// `text` with the mark of a value wherever the value stands, in whatever of those forms.
    public func applied(to text: String) -> String {
        guard !needles.isEmpty, text.utf8.count >= Self.shortest else { return text }
        let reading = Reading(Array(text.utf8))
        let finds = finds(in: reading)
        return finds.isEmpty ? text : Self.marking(Self.joined(finds), in: reading.bytes)
    }

    /// The text itself first, then what it says in one form, in two, in three.
    private func finds(in text: Reading) -> [Find] {
        var (finds, readings, left) = ([Find](), [text], Self.limit)
        for depth in 0...Self.depth {
            for reading in readings { collect(reading, &finds) }
            guard depth < Self.depth else { break }
            readings = readings.flatMap { reading in
                left -= reading.bytes.count
                return left >= 0 ? reading.decoded().filter { $0.bytes.count >= Self.shortest } : []
            }
        }
        return finds
    }

    private func collect(_ reading: Reading, _ finds: inout [Find]) {
        let bytes = reading.bytes
        for index in 0...(bytes.count - Self.shortest) where begins[Int(bytes[index])] {
            for needle in needles[Self.head(of: bytes, at: index)] ?? [] {
                let end = index + needle.bytes.count
                guard end <= bytes.count, bytes[index..<end].elementsEqual(needle.bytes) else { continue }
                finds.append(Find(place: reading.place(of: index..<end), mark: needle.mark))
            }
        }
    }

    /// Of two that overlap nothing may stay; the longer one gives the name.
    private static func joined(_ finds: [Find]) -> [Find] {
        var joined: [Find] = []
        for find in finds.sorted(by: { ($0.place.lowerBound, $1.place.count) < ($1.place.lowerBound, $0.place.count) })
        {
            guard let last = joined.last, find.place.lowerBound < last.place.upperBound else {
                joined.append(find)
                continue
            }
            let end = max(last.place.upperBound, find.place.upperBound)
            let mark = find.place.count > last.place.count ? find.mark : last.mark
            joined[joined.count - 1] = Find(place: last.place.lowerBound..<end, mark: mark)
        }
        return joined
    }

    private static func marking(_ finds: [Find], in bytes: [UInt8]) -> String {
        var (result, end) = ([UInt8](), 0)
        for find in finds {
            result += bytes[end..<find.place.lowerBound]
            result += Array(find.mark.utf8)
            end = find.place.upperBound
        }
        return String(decoding: result + bytes[end...], as: UTF8.self)
    }
}
