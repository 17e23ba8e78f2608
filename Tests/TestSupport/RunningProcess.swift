internal import Foundation

/// A process of this machine.
struct RunningProcess {
    let pid: Int32
    let arguments: [String]

    static func all() -> [RunningProcess] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.map { pid in
            let line = KernelFile.read("/proc/\(pid)/cmdline").split(separator: 0)
            return RunningProcess(pid: pid, arguments: line.map { String(decoding: $0, as: UTF8.self) })
        }
    }
}
