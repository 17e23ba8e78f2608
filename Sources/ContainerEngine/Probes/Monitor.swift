internal import FoundationEssentials

/// The program (`conmon`) that Podman leaves beside each container and each command in one.
enum Monitor {
    /// Those of the container or the command with that id.
    static func all(of run: String) -> [Int32] { processes.filter { isMonitor(of: run, $0) } }

    /// What lives of the containers whose monitors these are. Podman, which a monitor calls at its end, must not be met.
    static func charges(of monitors: [Int32]) -> [Int32] {
        processes.filter { process in
            guard let stat = ProcessStat(of: process), monitors.contains(stat.parent) else { return false }
            return !stat.isDead && !isHelper(process, stat)
        }
    }

    /// A program of a container may have any name; its processes are counted apart from those of its monitor.
    private static func isHelper(_ process: Int32, _ stat: ProcessStat) -> Bool {
        ["conmon", "podman"].contains(stat.name)
            && ProcessFile.namespace("pid", of: process) == ProcessFile.namespace("pid", of: stat.parent)
    }

    private static var processes: [Int32] {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { Int32($0) } ?? []
    }

    private static func isMonitor(of run: String, _ pid: Int32) -> Bool {
        guard let line = ProcessFile.read("cmdline", of: pid) else { return false }
        // `conmon … -u RUN …`, before anything that a command could hold.
        let arguments = line.split(separator: 0, maxSplits: 16).map { String(decoding: $0, as: UTF8.self) }
        guard arguments.first?.hasSuffix("conmon") == true, let flag = arguments.firstIndex(of: "-u") else {
            return false
        }
        return arguments.dropFirst(flag + 1).first == run
    }
}
