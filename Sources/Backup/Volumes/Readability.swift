internal import Files
internal import Glibc

/// Whether what a program could not read can be read now; a disk that fails goes on to fail.
enum Readability: Hashable, Sendable {
    case gone, readable, broken

    static func of(_ path: String) -> Self {
        guard let status = try? FileStatus.at(path) else { return .broken }
        switch status.kind {
        case .missing: return .gone
        case .directory: return (try? DirectoryContent.names(in: path)) == nil ? .broken : .readable
        case .file: return ofFile(path)
        case .symlink, .other: return .readable
        }
    }

    /// To its end.
    private static func ofFile(_ path: String) -> Self {
        guard let file = try? Descriptor(path, O_RDONLY | O_NOFOLLOW) else {
            return access(path, F_OK) == 0 ? .broken : .gone
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(file.number, $0.baseAddress, $0.count) }
            if count == 0 { return .readable }
            if count < 0, errno != EINTR { return .broken }
        }
    }
}
