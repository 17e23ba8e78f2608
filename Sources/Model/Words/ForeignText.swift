/// What a stranger wrote, such as the subject of a commit: on one line, no longer than it may be, and with nothing in it
/// that steers a terminal or turns the direction of what follows. Such characters are written out, so that they are seen.
/// Of marks that cover the lines above and below, a letter keeps thirty.
public struct ForeignText: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// `limit` counts Unicode scalars: a single character may be made of any number of them.
    public init(_ text: String, limit: Int) {
        description = text.cut(to: limit).unicodeScalars.reduce(into: "") { $0 += Self.shown($1) }
    }

    /// No more is read than is shown.
    public init(_ bytes: UnsafeRawBufferPointer, limit: Int) {
        self.init(String(decoding: bytes.prefix(Self.bytesToRead(limit)), as: UTF8.self), limit: limit)
    }

    /// Enough to see that there is more than `limit`.
    public static func bytesToRead(_ limit: Int) -> Int { 4 * (limit + 1) }

    private static func shown(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\t", "\n", "\r": return " "
        // They join emoji and letters, and turn nothing.
        case "\u{200C}", "\u{200D}": return String(scalar)
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return "<\(scalar.codePoint)>"
        default: return String(scalar)
        }
    }
}
