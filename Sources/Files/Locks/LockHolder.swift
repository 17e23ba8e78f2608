internal import FoundationEssentials
internal import Glibc
public import Model

/// Who holds the lock of this host.
public struct LockHolder: Codable, Hashable, Sendable {
    public let process: Int32
    /// Such as `fairlead run`.
    public let command: String
    public let since: Timestamp

    package init(process: Int32, command: String, since: Timestamp) {
        self.process = process
        self.command = command
        self.since = since
    }

    /// Who signed the lock at `path` and still holds it; `nil` when nobody did, as tools like `flock` do not sign.
    public static func read(at path: String) -> LockHolder? {
        guard let file = try? Descriptor(path, O_RDONLY | O_NOFOLLOW), let bytes = try? file.read(limit: 4096),
            let holder = try? JSONDecoder().decode(LockHolder.self, from: Data(bytes))
        else { return nil }
        // A killed process leaves its signature behind, and another one may have its number by now.
        guard kill(holder.process, 0) == 0 || errno == EPERM, isHeld(file) else { return nil }
        return holder
    }

    /// Asked of the kernel. Who takes the lock in the moment in which it is found free has to try once more.
    private static func isHeld(_ file: borrowing Descriptor) -> Bool {
        guard flock(file.number, LOCK_SH | LOCK_NB) == 0 else { return errno == EWOULDBLOCK }
        flock(file.number, LOCK_UN)
        return false
    }

    /// Such as `'fairlead run' (process 4711, for 12 s)`.
    package func description(at now: Timestamp) -> String {
        let seconds = PlanDuration.seconds(max(0, now.since(since).components.seconds))
        return "'\(command)' (process \(process), for \(seconds))"
    }

    /// Such as `'fairlead run' (process 4711, since 2026-11-30T02:14:20Z)`.
    package var descriptionSince: String {
        let moment = Date(timeIntervalSince1970: Double(since.milliseconds / 1000)).formatted(.iso8601)
        return "'\(command)' (process \(process), since \(moment))"
    }

    package var line: [UInt8] { ((try? JSONEncoder().encode(self)).map(Array.init) ?? []) + [UInt8(ascii: "\n")] }
}
