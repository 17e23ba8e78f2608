/// Bytes that were read out of a text, and where in that text each of them stands.
struct Reading {
    private(set) var bytes: [UInt8] = []
    private var places: [Range<Int>] = []

    private init() {}

    /// The text itself.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        places = bytes.indices.map { $0..<($0 + 1) }
    }

    func place(of range: Range<Int>) -> Range<Int> {
        places[range.lowerBound].lowerBound..<places[range.upperBound - 1].upperBound
    }

    private mutating func append(_ byte: UInt8, _ place: Range<Int>) {
        bytes.append(byte)
        places.append(place)
    }

    /// What it says in each form that there is any of in it.
    func decoded() -> [Reading] {
        let unescaped = [
            unescaped("%", Self.percent), unescaped("\\", Self.backslash), unescaped("&", Self.entity), form(),
        ]
        return unescaped.compactMap(\.self) + (base64() + hex()).filter { !$0.bytes.isEmpty }
    }
}

/// The escapes of URLs, JSON and HTML.
extension Reading {
    private typealias Escape = (bytes: [UInt8], length: Int)

    /// With what `rule` makes of what begins with `lead`; `nil` when that is nothing.
    private func unescaped(_ lead: Unicode.Scalar, _ rule: (ArraySlice<UInt8>) -> Escape?) -> Reading? {
        let lead = UInt8(ascii: lead)
        guard bytes.contains(lead) else { return nil }
        var (reading, index) = (Reading(), 0)
        while index < bytes.count {
            if bytes[index] == lead, let escape = rule(bytes[index...]) {
                let place = place(of: index..<(index + escape.length))
                for byte in escape.bytes { reading.append(byte, place) }
                index += escape.length
            } else {
                reading.append(bytes[index], places[index])
                index += 1
            }
        }
        return reading.bytes.count < bytes.count ? reading : nil
    }

    /// `+` for a space, as in a form that is sent.
    private func form() -> Reading? {
        guard bytes.contains(UInt8(ascii: "+")) else { return nil }
        var reading = self
        for index in bytes.indices where bytes[index] == UInt8(ascii: "+") { reading.bytes[index] = 0x20 }
        return reading
    }

    /// `%2F`.
    private static func percent(_ text: ArraySlice<UInt8>) -> Escape? {
        number(text.dropFirst(), digits: 2).map { ([UInt8($0)], 3) }
    }

    /// `\"`, `\n`, `\x2f`, `\u002f`.
    private static func backslash(_ text: ArraySlice<UInt8>) -> Escape? {
        guard let letter = text.dropFirst().first else { return nil }
        switch Unicode.Scalar(letter) {
        case "n": return ([0x0a], 2)
        case "r": return ([0x0d], 2)
        case "t": return ([0x09], 2)
        case "b": return ([0x08], 2)
        case "f": return ([0x0c], 2)
        case "x": return number(text.dropFirst(2), digits: 2).map { ([UInt8($0)], 4) }
        case "u": return unicode(text)
        case "\"", "\\", "/", "'": return ([letter], 2)
        default: return nil
        }
    }

    /// `\u00e4`, or a pair for what has more than 16 bits.
    private static func unicode(_ text: ArraySlice<UInt8>) -> Escape? {
        guard let first = number(text.dropFirst(2), digits: 4) else { return nil }
        if let scalar = Unicode.Scalar(first) { return (Array(String(Character(scalar)).utf8), 6) }
        let rest = text.dropFirst(6)
        guard rest.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]),
            let second = number(rest.dropFirst(2), digits: 4), (0xd800..<0xdc00).contains(first),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second & 0x3ff))
        else { return nil }
        return (Array(String(Character(scalar)).utf8), 12)
    }

    /// `&amp;`, `&#39;`, `&#x27;`.
    private static func entity(_ text: ArraySlice<UInt8>) -> Escape? {
        guard let end = text.prefix(10).firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let name = String(decoding: text[text.startIndex..<end].dropFirst(), as: UTF8.self)
        let length = end - text.startIndex + 1
        let named = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
        if let character = named[name] { return (Array(character.utf8), length) }
        guard name.hasPrefix("#") else { return nil }
        let isHex = name.dropFirst().first?.lowercased() == "x"
        guard let value = UInt32(name.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10),
            let scalar = Unicode.Scalar(value)
        else { return nil }
        return (Array(String(Character(scalar)).utf8), length)
    }

    private static func number(_ text: ArraySlice<UInt8>, digits: Int) -> UInt32? {
        guard text.count >= digits else { return nil }
        var value: UInt32 = 0
        for byte in text.prefix(digits) {
            guard let digit = digit(byte) else { return nil }
            value = value << 4 | digit
        }
        return value
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}

/// Base64, of both alphabets, and hex. Where the value begins in what was encoded is not known, nor whether the text was cut:
/// each run is read from each of the places where a byte can begin.
extension Reading {
    /// Of four bytes at the least.
    private func base64() -> [Reading] {
        runs(of: Self.sextet, shortest: 6, width: 6, starts: 4)
    }

    private func hex() -> [Reading] {
        runs(of: Self.digit, shortest: 8, width: 4, starts: 2)
    }

    /// A line break within a run is passed over, as in mails; what fills base64 up at its end goes with the last digit.
    private func runs(of digit: (UInt8) -> UInt32?, shortest: Int, width: Int, starts: Int) -> [Reading] {
        var readings = [Reading](repeating: Reading(), count: starts)
        var run: [(value: UInt32, place: Range<Int>)] = []
        func close() {
            if run.count >= shortest {
                for start in 0..<starts { readings[start].append(run[start...], width: width) }
            }
            run.removeAll(keepingCapacity: true)
        }
        for (index, byte) in bytes.enumerated() {
            if let value = digit(byte) {
                run.append((value, places[index]))
            } else if byte == UInt8(ascii: "="), let last = run.last {
                run[run.count - 1].place = last.place.lowerBound..<places[index].upperBound
            } else if byte != 0x0a, byte != 0x0d {
                close()
            }
        }
        close()
        return readings
    }

    /// The bytes that the digits of `run` make up, each at the place of all digits that have a part in it.
    private mutating func append(_ run: ArraySlice<(value: UInt32, place: Range<Int>)>, width: Int) {
        var (bits, count, begin) = (UInt32(0), 0, 0)
        for (value, place) in run {
            if count == 0 { begin = place.lowerBound }
            bits = (bits << UInt32(width) | value) & 0xffff
            count += width
            guard count >= 8 else { continue }
            count -= 8
            append(UInt8(truncatingIfNeeded: bits >> UInt32(count)), begin..<place.upperBound)
            begin = place.lowerBound
        }
    }

    private static func sextet(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a") + 26)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0") + 52)
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
