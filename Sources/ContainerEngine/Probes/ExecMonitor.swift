internal import Glibc

/// The monitor (`conmon`) that stays behind each command that is run in a container through the API.
///
/// It sleeps for five minutes so that somebody can ask for the exit code, then removes the command's record. With a
/// check every few seconds hundreds of them would pile up. SIGTERM only wakes it: it removes the record at once.
enum ExecMonitor {
    /// Gives it a moment to fall asleep, longer on a loaded host; where it is missed it goes by itself later.
    static func dismiss(_ exec: String) async {
        for _ in 0..<100 {
            let monitors = Monitor.all(of: exec)
            guard !monitors.isEmpty else { return }
            if let sleeper = sleeper(among: monitors) {
                kill(sleeper, SIGTERM)
                return
            }
            guard (try? await Task.sleep(for: .milliseconds(10))) != nil else { return }
        }
    }

    /// The monitor forks to sleep; its parent waits for it and must not be met.
    private static func sleeper(among monitors: [Int32]) -> Int32? {
        monitors.first { pid in ProcessStat(of: pid).map { monitors.contains($0.parent) } ?? false }
    }
}
