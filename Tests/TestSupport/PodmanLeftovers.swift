internal import Foundation
internal import Processes

/// Sandboxes of test processes that died before they could clean up.
enum PodmanLeftovers {
    /// Not the machine's temporary directory: that may be memory or an overlay, on which overlay storage fails.
    static let parent = "/var/tmp"

    private static let sweep = Task {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        for name in names where name.hasPrefix("fl-podman-") {
            let pid = name.split(separator: "-").dropFirst(2).first.flatMap { Int32($0) }
            guard let pid, kill(pid, 0) != 0 else { continue }
            await removeContainers("\(parent)/\(name)")
            await killMonitors("\(parent)/\(name)")
            remove("\(parent)/\(name)")
        }
    }

    static func sweepOnce() async { await sweep.value }

    private static func removeContainers(_ root: String) async {
        guard let podman = PodmanHost.podman else { return }
        var environment = Command.plainEnvironment
        environment["CONTAINERS_CONF"] = "\(root)/containers.conf"
        environment["CONTAINERS_STORAGE_CONF"] = "\(root)/storage.conf"
        _ = try? await Command(podman, ["rm", "--all", "--force", "--time", "0"], environment: environment).run()
    }

    /// Monitors of commands that ran in containers sleep for minutes, and what they start at their end may come late on
    /// a loaded machine; both would then make the storage anew. Ends when none is left.
    static func killMonitors(_ root: String) async {
        let end = ContinuousClock.now + .seconds(30)
        while case let pids = programs(of: root), !pids.isEmpty, ContinuousClock.now < end {
            for pid in pids { kill(pid, SIGKILL) }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    private static func programs(of root: String) -> [Int32] {
        RunningProcess.all().filter { process in
            ["conmon", "podman"].contains { process.arguments.first?.hasSuffix($0) == true }
                && process.arguments.contains { $0.contains(root + "/") }
        }.map(\.pid)
    }

    /// Detaches what is still mounted below `root` and removes it.
    static func remove(_ root: String) {
        unmount(root)
        try? FileManager.default.removeItem(atPath: root)
    }

    private static func unmount(_ root: String) {
        for line in KernelFile.mounts().split(separator: "\n").reversed() {
            let fields = line.split(separator: " ")
            if fields.count > 1, fields[1].hasPrefix(root + "/") {
                umount2(String(fields[1]), Int32(MNT_DETACH))
            }
        }
    }
}
