internal import Glibc

/// What is mounted where.
package enum MountPoint {
    package static func isMounted(_ path: String) throws(HostError) -> Bool { try all().contains(path) }

    /// Those below `directory`, as paths from there, sorted.
    package static func below(_ directory: String) throws(HostError) -> [String] {
        let above = try RealPath.of(directory) + "/"
        return try Set(all()).filter { $0.hasPrefix(above) }.map { String($0.dropFirst(above.count)) }.sorted()
    }

    /// As proc_pid_mountinfo(5) has it, with the escapes of its octal numbers undone.
    private static func all() throws(HostError) -> [String] {
        let bytes = try Descriptor("/proc/self/mountinfo", O_RDONLY).read(limit: 16 << 20)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ", maxSplits: 5)
            return fields.count > 4 ? unescaped(fields[4]) : nil
        }
    }

    private static func unescaped(_ path: Substring) -> String {
        [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")].reduce(String(path)) { text, escape in
            text.split(separator: escape.0, omittingEmptySubsequences: false).joined(separator: escape.1)
        }
    }
}
