/// Standard output and standard error in one stream of frames: a byte for which, three zeros, a length, the bytes.
struct MultiplexedOutput: Sendable {
    private(set) var bytes: [UInt8] = []

    /// A stream that breaks off inside a frame gives what arrived of it; one without frames is taken as text.
    init(_ stream: [UInt8]) {
        var rest = stream[...]
        while rest.count >= 8 {
            let head = rest.prefix(8)
            guard head[head.startIndex] <= 2, head.dropFirst().prefix(3).allSatisfy({ $0 == 0 }) else { break }
            let length = head.suffix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(8)
            bytes.append(contentsOf: rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        bytes.append(contentsOf: rest)
    }

    /// The end of it, of at most `limit` bytes, without the final line end.
    func text(last limit: Int) -> String {
        var end = bytes.suffix(limit)
        while let last = end.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { end.removeLast() }
        return String(decoding: end, as: UTF8.self)
    }
}
