/// The bytes of a text file, with a table of its lines.
struct SourceText: Sendable {
    let bytes: [UInt8]
    /// Offset of the first byte of each line.
    private let lines: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        lines = [0] + bytes.indices.lazy.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
    }

    /// Of the byte at `offset`; the place behind the last byte has one too.
    func position(of offset: Int) -> SourcePosition {
        let end = min(offset, bytes.count)
        let line = lines.partitioningIndex { $0 > end } - 1
        let column = bytes[lines[line]..<end].count { $0 & 0xC0 != 0x80 }
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
