internal import FoundationEssentials
internal import Glibc
public import Model

/// A fetch of another process that goes on now, as the file of the mirror's lock tells it.
public struct FetchInProgress: Codable, Sendable, Hashable {
    public let since: Timestamp
    public let progress: FetchProgress

    /// `nil` when nobody holds the lock: what a killed process wrote does not count.
    public static func ongoing(stateDirectory: String) -> Self? {
        let descriptor = open(GitSource.mirror(in: stateDirectory).lockFile, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return nil }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        return try? JSONDecoder().decode(Self.self, from: Data(buffer.prefix(count)))
    }

    /// For whoever holds the lock.
    func write(to descriptor: Int32) {
        guard let bytes = try? JSONEncoder().encode(self) else { return }
        // Longer than any before it, so that a reader never sees the end of an older one behind it.
        let padded = [UInt8](bytes) + [UInt8](repeating: UInt8(ascii: " "), count: max(0, 512 - bytes.count))
        _ = padded.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }
}
