internal import FoundationEssentials
internal import Model

/// The control groups of one container, of version 1, with a hierarchy for each controller, or of version 2.
///
/// Engines write a limit into the container's group or into the one below it in which its processes are: the smallest
/// holds.
struct ControlGroup {
    /// From the container's group down, by controller; the name of version 2's is empty.
    private let directories: [String: [String]]

    /// `membership` is `/proc/PID/cgroup` of a process of `container`; `nil` when it is none.
    init?(membership: String, container: String, root: String = "/sys/fs/cgroup") {
        var directories: [String: [String]] = [:]
        for line in membership.split(separator: "\n") {
            // `4:cpu,cpuacct:/…` or `0::/…`.
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, case let groups = Self.groups(of: container, in: parts[2]), !groups.isEmpty else {
                continue
            }
            for controller in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
                directories[String(controller)] = groups.map { "\(root)/\(parts[1])/\($0)" }
            }
        }
        guard !directories.isEmpty else { return nil }
        self.directories = directories
    }

    private static func groups(of container: String, in path: Substring) -> [String] {
        let names = path.split(separator: "/")
        guard let own = names.firstIndex(where: { $0.contains(container) }) else { return [] }
        return names.indices[own...].map { names[...$0].joined(separator: "/") }
    }

    /// `nil` when one of them cannot be told.
    var limits: ResourcePlan? {
        guard let memory = memory, let cpus = cpus, let pids = smallest("pids", Self.number, "pids.max") else {
            return nil
        }
        return ResourcePlan(memory: memory.value.map(ByteCount.init(bytes:)), cpus: cpus.value, pids: pids.value)
    }

    /// What its processes hold of memory, without files that the kernel could read again; `nil` when it cannot be told.
    var memoryInUse: ByteCount? {
        let isFirst = directories["memory"] != nil
        guard let directory = (directories["memory"] ?? directories[""])?.first,
            let used = Self.text(isFirst ? "memory.usage_in_bytes" : "memory.current", in: directory)
                .flatMap(Self.number),
            let statistics = Self.text("memory.stat", in: directory)
        else { return nil }
        let key = isFirst ? "total_inactive_file " : "inactive_file "
        let line = statistics.split(separator: "\n").first { $0.hasPrefix(key) }
        return ByteCount(bytes: max(0, used - (line.flatMap { Int64($0.dropFirst(key.count)) } ?? 0)))
    }

    private static func text(_ file: String, in directory: String) -> String? {
        try? String(contentsOfFile: "\(directory)/\(file)", encoding: .utf8)
    }

    /// A limit, or none.
    private struct Limit<Value: Comparable> {
        var value: Value?
    }

    private var memory: Limit<Int64>? {
        guard directories["memory"] != nil else { return smallest("", Self.number, "memory.max") }
        return smallest("memory", Self.number, "memory.limit_in_bytes")
    }

    private var cpus: Limit<Double>? {
        guard directories["cpu"] != nil else { return smallest("", Self.share, "cpu.max") }
        return smallest("cpu", Self.share, "cpu.cfs_quota_us", "cpu.cfs_period_us")
    }

    /// `nil` when a file cannot be read.
    private func smallest<Value: Comparable>(
        _ controller: String, _ limit: (String) -> Value?, _ files: String...
    ) -> Limit<Value>? {
        var found = Limit<Value>()
        for directory in directories[controller] ?? directories[""] ?? [] {
            let texts = files.compactMap { Self.text($0, in: directory) }
            guard texts.count == files.count else { return nil }
            let here = limit(texts.joined(separator: " "))
            found.value = [found.value, here].compactMap(\.self).min()
        }
        return found
    }

    /// `max` is none, and so is what version 1 writes: the largest number that fits whole pages.
    private static func number(_ text: String) -> Int64? {
        words(text).first.flatMap { Int64($0) }.flatMap { $0 > 1 << 62 ? nil : $0 }
    }

    /// A quota and its period, such as `50000 100000`; a quota of `max` or `-1` is none.
    private static func share(_ text: String) -> Double? {
        let numbers = words(text).map { Int64($0) ?? 0 }
        guard numbers.count == 2, numbers[0] > 0, numbers[1] > 0 else { return nil }
        return Double(numbers[0]) / Double(numbers[1])
    }

    private static func words(_ text: String) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }
}
