internal import Glibc

/// The bytes of a text file, with a table of its lines.
struct SourceText: Sendable {
    let bytes: [UInt8]
    /// Offset of the first byte of each line.
    private let lines: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        lines = bytes.withUnsafeBytes { Self.lines(of: $0) }
    }

    /// With memchr(3): every command reads its schemas, and a loop over bytes took a debug build 25 ms at each start.
    private static func lines(of bytes: UnsafeRawBufferPointer) -> [Int] {
        guard let start = bytes.baseAddress else { return [0] }
        var lines = [0]
        var offset = 0
        while let newline = memchr(start + offset, CInt(UInt8(ascii: "\n")), bytes.count - offset) {
            offset = UnsafeRawPointer(newline) - start + 1
            lines.append(offset)
        }
        return lines
    }

    /// A longer line nobody reads: each of its bytes is a column. To count the signs up to each of 200,000 problems in one
    /// line takes minutes.
    private static let longestLine = 4096

    /// Of the byte at `offset`; the place behind the last byte has one too.
    func position(of offset: Int) -> SourcePosition {
        let end = min(offset, bytes.count)
        let line = lines.partitioningIndex { $0 > end } - 1
        let start = lines[line]
        let column =
            end - start > Self.longestLine ? end - start : bytes[start..<end].count { $0 & 0xC0 != 0x80 }
        return SourcePosition(line: line + 1, column: column + 1)
    }
}

extension [Int] {
    /// The first index whose element matches, in an array in which all matching elements come last.
    fileprivate func partitioningIndex(where matches: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if matches(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
