internal import FoundationEssentials
internal import Glibc
public import Planning

/// Who holds the lock of this host.
public struct LockHolder: Codable, Hashable, Sendable {
    public let process: Int32
    /// Such as `fairlead run`.
    public let command: String
    public let since: Timestamp

    init(process: Int32, command: String, since: Timestamp) {
        self.process = process
        self.command = command
        self.since = since
    }

    /// Who signed the lock at `path` and still lives; `nil` when nobody did, as tools like `flock` do not sign.
    public static func read(at path: String) -> LockHolder? {
        guard let bytes = try? Descriptor(path, O_RDONLY | O_NOFOLLOW).read(limit: 4096),
            let holder = try? JSONDecoder().decode(LockHolder.self, from: Data(bytes))
        else { return nil }
        // A killed process leaves its signature behind.
        return kill(holder.process, 0) == 0 || errno == EPERM ? holder : nil
    }

    /// Such as `'fairlead run' (process 4711, for 12 s)`.
    func description(at now: Timestamp) -> String {
        let seconds = PlanDuration.seconds(max(0, now.since(since).components.seconds))
        return "'\(command)' (process \(process), for \(seconds))"
    }

    var line: [UInt8] { ((try? JSONEncoder().encode(self)).map(Array.init) ?? []) + [UInt8(ascii: "\n")] }
}
