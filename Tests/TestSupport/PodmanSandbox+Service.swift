internal import Foundation
internal import Processes

extension PodmanSandbox {
    /// Starts an API service on `socket` and waits until it listens; it is killed by `shutDown()`.
    public func startService() async throws {
        let service = BackgroundProgram()
        try await service.start(
            [PodmanHost.podman ?? "podman", "system", "service", "--time=0", "unix://\(socket)"],
            environment: environment)
        service.leave()
        for _ in 0..<200 {
            if FileManager.default.fileExists(atPath: socket) { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw PodmanSandboxError(description: "the podman service did not listen on '\(socket)' within 10 s")
    }

    /// Process ids of the API services on this sandbox's socket, whoever started them.
    public func servicePIDs() -> [Int32] {
        let pids = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { Int32($0) } ?? []
        return pids.filter { pid in
            guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return false }
            let arguments = data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            return arguments.contains("service") && arguments.contains("unix://\(socket)")
        }
    }

    /// Kills the services without notice; containers go on.
    public func killService() async {
        for pid in servicePIDs() { kill(pid, SIGKILL) }
        for _ in 0..<40 where !servicePIDs().isEmpty { try? await Task.sleep(for: .milliseconds(50)) }
    }

    /// Removes all containers, networks and storage of the sandbox and ends its services.
    public func shutDown() async {
        _ = try? await podman("rm", "--all", "--force", "--time", "0", "--volumes")
        if let names = try? await podman("network", "ls", "--quiet") {
            for name in names.split(separator: "\n") where name != "podman" {
                _ = try? await podman("network", "rm", "--force", String(name))
            }
        }
        await killService()
        PodmanLeftovers.killMonitors(root)
        PodmanLeftovers.remove(root)
    }
}
