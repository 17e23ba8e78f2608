public import Files
internal import FoundationEssentials
internal import Glibc
public import Model

/// When the daemon asks the customer repo next; kept in memory, for people.
public struct PollSchedule: Codable, Hashable, Sendable {
    /// Of the daemon.
    public let process: Int32
    public let next: Timestamp
    /// When the daemon began, by which it is told from another process that has its number by now; absent where that is unknown.
    private let start: Int64?

    /// Of this process.
    public init(next: Timestamp) {
        process = getpid()
        start = HostProcess(getpid())?.start
        self.next = next
    }

    /// `nil` when no daemon lives that wrote it.
    public static func read(runtimeDirectory: String) -> Self? {
        guard let bytes = try? Descriptor(path(runtimeDirectory), O_RDONLY | O_NOFOLLOW).read(limit: 4096),
            let schedule = try? JSONDecoder().decode(Self.self, from: Data(bytes))
        else { return nil }
        // A killed daemon leaves it behind.
        guard kill(schedule.process, 0) == 0 || errno == EPERM else { return nil }
        // A host may hide the processes of others.
        guard let known = schedule.start, let now = HostProcess(schedule.process)?.start else { return schedule }
        return known == now ? schedule : nil
    }

    public func write(runtimeDirectory: String) throws(HostError) {
        try PathName.createDirectories(runtimeDirectory)
        let bytes = (try? JSONEncoder().encode(self)).map(Array.init) ?? []
        try AtomicFile.write(bytes, to: Self.path(runtimeDirectory))
    }

    public static func remove(runtimeDirectory: String) throws(HostError) {
        try AtomicFile.remove(path(runtimeDirectory))
    }

    private static func path(_ directory: String) -> String { "\(directory)/next-poll" }
}
