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
            killMonitors("\(parent)/\(name)")
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

    /// Monitors of commands that ran in containers sleep for minutes, and would then make the storage anew.
    static func killMonitors(_ root: String) {
        for process in RunningProcess.all() where process.arguments.first?.hasSuffix("conmon") == true {
            if process.arguments.contains(where: { $0.hasPrefix(root + "/") }) { kill(process.pid, SIGKILL) }
        }
    }

    /// Detaches what is still mounted below `root` and removes it.
    static func remove(_ root: String) {
        let mounts = (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)) ?? ""
        for line in mounts.split(separator: "\n").reversed() {
            let fields = line.split(separator: " ")
            if fields.count > 1, fields[1].hasPrefix(root + "/") {
                umount2(String(fields[1]), Int32(MNT_DETACH))
            }
        }
        try? FileManager.default.removeItem(atPath: root)
    }
}
