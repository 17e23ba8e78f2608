internal import Files
internal import Glibc

/// A file compared with what comes in, from its beginning to its end.
struct FileComparison: ~Copyable {
    private let file: Descriptor
    private var offset: Int64 = 0
    private var found: String?

    init(_ path: String) throws(HostError) { file = try Descriptor(path, O_RDONLY) }

    mutating func add(_ bytes: [UInt8]) throws(HostError) {
        defer { offset += Int64(bytes.count) }
        guard found == nil, try read(bytes.count) != bytes else { return }
        found = "it differs within \(bytes.count) bytes from \(offset)"
    }

    /// At the end; `nil` when both are the same.
    func difference() throws(HostError) -> String? {
        let size = Int64(try file.status().st_size)
        return size == offset ? found : "it has \(offset) bytes instead of \(size)"
    }

    private func read(_ count: Int) throws(HostError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes[filled...].withUnsafeMutableBytes {
                pread(file.number, $0.baseAddress, $0.count, Int(offset) + filled)
            }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw HostError.failed("read '\(file.path)'") }
            if got == 0 { break }
            filled += got
        }
        return Array(bytes.prefix(filled))
    }
}
