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
        for _ in 0..<600 {
            if FileManager.default.fileExists(atPath: socket) { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw PodmanSandboxError(description: "the podman service did not listen on '\(socket)' within 30 s")
    }

    /// Process ids of the API services on this sandbox's socket, whoever started them.
    public func servicePIDs() -> [Int32] {
        RunningProcess.all().filter {
            $0.arguments.contains("service") && $0.arguments.contains("unix://\(socket)")
        }.map(\.pid)
    }

    /// Kills the services without notice; containers go on.
    public func killService() async {
        let end = ContinuousClock.now + .seconds(30)
        while case let pids = servicePIDs(), !pids.isEmpty, ContinuousClock.now < end {
            for pid in pids { kill(pid, SIGKILL) }
            try? await Task.sleep(for: .milliseconds(50))
        }
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
        await PodmanLeftovers.killMonitors(root)
        PodmanLeftovers.remove(root)
    }
}
