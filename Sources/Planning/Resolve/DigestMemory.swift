internal import Model
internal import Synchronization

/// Digests of what was read before, so that many commits with the same files cost one reading of them.
public final class DigestMemory: Sendable {
    private let known = Mutex<[String: String]>([:])

    public init() {}

    /// Of `entries`, which are all that is at `path`; `read` is asked when they are new.
    func digest(of entries: [SourceEntry], at path: String, read: () throws -> String) rethrows -> String {
        let objects = entries.map { entry in entry.object.map { "\(entry.path)\0\(entry.kind.rawValue)\0\($0)" } }
        guard !objects.contains(nil) else { return try read() }
        let key = ([path] + objects.compactMap(\.self)).joined(separator: "\0\0")
        if let digest = known.withLock({ $0[key] }) { return digest }
        let digest = try read()
        known.withLock { $0[key] = digest }
        return digest
    }
}
