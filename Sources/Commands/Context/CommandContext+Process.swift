internal import Glibc

extension CommandContext {
    /// This process's own.
    public static var process: Self {
        let environment = processEnvironment
        var context = Self(
            console: .standard(environment: environment), clock: .system, environment: environment,
            executable: ownExecutable)
        context.trapsSignals = true
        context.isRoot = geteuid() == 0
        return context
    }

    private static var processEnvironment: [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let parts = String(cString: entry).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            next += 1
        }
        return variables
    }

    /// Resolved now: the file may be replaced by an update while the daemon runs.
    private static var ownExecutable: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        return String(decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
