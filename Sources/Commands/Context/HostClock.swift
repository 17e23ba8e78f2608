internal import Glibc
public import Model

/// The wall clock of the host and its time zone.
public struct HostClock: Sendable {
    public var now: @Sendable () -> Timestamp
    /// Seconds that local time is ahead of UTC at a moment.
    public var offset: @Sendable (Timestamp) -> Int64

    public init(
        now: @escaping @Sendable () -> Timestamp, offset: @escaping @Sendable (Timestamp) -> Int64 = { _ in 0 }
    ) {
        self.now = now
        self.offset = offset
    }

    public static let system = HostClock(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
        },
        offset: { moment in
            var seconds = time_t(moment.milliseconds / 1000)
            var parts = tm()
            localtime_r(&seconds, &parts)
            return Int64(parts.tm_gmtoff)
        })
}
