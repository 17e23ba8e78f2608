internal import Glibc

/// The monitor of a container that the engine has removed.
///
/// Podman that is killed while it starts a container does not know of its monitor and its first process. It removes
/// what it calls `created`, and both stay, with the ports of the host, which no later container could have.
enum LeftMonitor {
    /// Waits until it is gone. One that hangs is killed in the end.
    static func end(of container: String) async {
        for _ in 0..<40 {
            let monitors = Monitor.all(of: container)
            guard !monitors.isEmpty else { return }
            // It goes by itself when there is nothing left to watch.
            for process in Monitor.charges(of: monitors) { kill(process, SIGKILL) }
            guard (try? await Task.sleep(for: .milliseconds(50))) != nil else { return }
        }
        for monitor in Monitor.all(of: container) { kill(monitor, SIGKILL) }
    }
}
