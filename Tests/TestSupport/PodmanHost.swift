internal import Foundation
internal import Processes

/// What this machine needs so that rooted Podman runs in a test.
enum PodmanHost {
    static let podman = Command.find("podman")

    /// Why no container can run here; `nil` when one can, and always in CI, where skipping would hide a failure.
    static var missing: String? {
        if ProcessInfo.processInfo.environment["CI"] == "true" { return nil }
        if geteuid() != 0 { return "not root" }
        if podman == nil { return "podman is not installed" }
        return Command.find("busybox") == nil ? "busybox-static is not installed" : nil
    }

    /// crun refuses a machine that mounts cgroup v1 beside v2; runc takes it.
    static var runtime: String? {
        let unified = FileManager.default.fileExists(atPath: "/sys/fs/cgroup/cgroup.controllers")
        return !unified && Command.find("runc") != nil ? "runc" : nil
    }

    /// Podman asks for more open files than a root without CAP_SYS_RESOURCE may have.
    static var lacksResourceCapability: Bool {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("CapEff:") }),
            let mask = UInt64(line.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16)
        else { return false }
        return mask & (1 << 24) == 0
    }

    /// The settings of one sandbox. Locks and events of its own: shared ones would let two sandboxes meet.
    static func settings(root: String, subnet: String, runtime wanted: ContainerRuntime?) throws -> String {
        var lines = ["[containers]"]
        if lacksResourceCapability { lines.append(#"default_ulimits=["nofile=4096:4096","nproc=4096:4096"]"#) }
        lines += ["[engine]", #"lock_type="file""#, #"events_logger="file""#, "tmp_dir=\"\(root)/tmp\""]
        if let name = wanted?.rawValue ?? runtime { lines.append("runtime=\"\(name)\"") }
        if wanted == .crun { lines += ["[engine.runtimes]", "crun=[\"\(try crunProgram(in: root))\"]"] }
        lines += [
            "[network]", "network_config_dir=\"\(root)/networks\"", "default_subnet=\"\(subnet).0/26\"",
            "default_subnet_pools=[{\"base\"=\"\(subnet).128/25\",\"size\"=28}]",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    /// crun, or what shows it a machine without the second version of cgroups.
    private static func crunProgram(in root: String) throws -> String {
        guard runtime != nil else { return Command.find("crun") ?? "crun" }
        let script = """
            #!/bin/sh
            exec unshare -m sh -c 'umount /sys/fs/cgroup/unified; exec crun "$@"' crun "$@"

            """
        let path = "\(root)/crun"
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(script.utf8), attributes: [.posixPermissions: 0o755])
        else { throw PodmanSandboxError(description: "cannot write '\(path)'") }
        return path
    }

    /// `10.x.y` that no route of this machine covers.
    static func freeSubnet() async throws -> String {
        let routes = try await Command("/usr/sbin/ip", ["-4", "route"]).run().text
        for _ in 0..<100 {
            let prefix = "10.\(Int.random(in: 64..<224)).\(Int.random(in: 0..<256))"
            if !routes.contains(prefix + ".") { return prefix }
        }
        throw PodmanSandboxError(description: "no free subnet among 100 tries")
    }
}

/// The fixture itself does not work.
public struct PodmanSandboxError: Error, CustomStringConvertible {
    public let description: String
}
