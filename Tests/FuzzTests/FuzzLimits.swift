import Foundation
import Glibc

/// What one input may cost. The kernel ends the process that goes beyond.
enum FuzzLimits {
    /// Of processor time.
    private static let seconds = 2
    private static let memory: UInt64 = 256 << 20

    /// As long as this process lives: so much more memory than it has now.
    static func limitMemory() throws {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        guard fields.count > 5, let pages = UInt64(fields[5]) else { throw FuzzFault("cannot read /proc/self/statm") }
        var limit = rlimit()
        limit.rlim_cur = rlim_t(pages * UInt64(getpagesize()) + memory)
        limit.rlim_max = limit.rlim_cur
        guard setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit) == 0 else {
            throw FuzzFault("cannot limit memory: \(String(cString: strerror(errno)))")
        }
    }

    /// SIGPROF ends the process when `work` takes longer.
    static func timed<Result>(_ work: () throws -> Result) rethrows -> Result {
        set(seconds)
        defer { set(0) }
        return try work()
    }

    private static func set(_ seconds: Int) {
        var value = itimerval()
        value.it_value.tv_sec = seconds
        setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &value, nil)
    }
}
