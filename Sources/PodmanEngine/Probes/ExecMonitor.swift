internal import FoundationEssentials
internal import Glibc

/// The monitor (`conmon`) that stays behind each command that is run in a container through the API.
///
/// It sleeps for five minutes so that somebody can ask for the exit code, then removes the command's record. With a
/// check every few seconds hundreds of them would pile up. SIGTERM only wakes it: it removes the record at once.
enum ExecMonitor {
    /// Gives it a moment to fall asleep, longer on a loaded host; where it is missed it goes by itself later.
    static func dismiss(_ exec: String) async {
        for _ in 0..<100 {
            let monitors = monitors(of: exec)
            guard !monitors.isEmpty else { return }
            if let sleeper = sleeper(among: monitors) {
                kill(sleeper, SIGTERM)
                return
            }
            guard (try? await Task.sleep(for: .milliseconds(10))) != nil else { return }
        }
    }

    private static func monitors(of exec: String) -> [Int32] {
        let pids = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { Int32($0) } ?? []
        return pids.filter { isMonitor(of: exec, $0) }
    }

    /// The monitor forks to sleep; its parent waits for it and must not be met.
    private static func sleeper(among monitors: [Int32]) -> Int32? {
        monitors.first { pid in parent(of: pid).map { monitors.contains($0) } ?? false }
    }

    private static func isMonitor(of exec: String, _ pid: Int32) -> Bool {
        guard let line = ProcessFile.read("cmdline", of: pid) else { return false }
        // `conmon … -u EXEC …`, before anything that the command itself could hold.
        let arguments = line.split(separator: 0, maxSplits: 16).map { String(decoding: $0, as: UTF8.self) }
        guard arguments.first?.hasSuffix("conmon") == true, let flag = arguments.firstIndex(of: "-u") else {
            return false
        }
        return arguments.dropFirst(flag + 1).first == exec
    }

    private static func parent(of pid: Int32) -> Int32? {
        guard let status = ProcessFile.read("status", of: pid) else { return nil }
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("PPid:") }
        return line.flatMap { Int32($0.dropFirst("PPid:".count).drop { $0 == "\t" || $0 == " " }) }
    }
}
