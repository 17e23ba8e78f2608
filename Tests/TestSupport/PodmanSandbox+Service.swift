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

    /// Kills the service while it removes a stopped container, which stays `removing` for ever.
    public func cutOffRemoval(of container: String) async throws {
        // With its list of containers held, the storage gives none of them up.
        let list = open("\(root)/graph/overlay-containers/containers.lock", O_RDWR | O_CLOEXEC)
        defer { close(list) }
        var hold = flock()
        hold.l_type = Int16(F_RDLCK)
        guard list >= 0, fcntl(list, F_SETLKW, &hold) == 0 else {
            throw PodmanSandboxError(description: "the storage's list of containers cannot be held")
        }
        // Podman 4.3 has written `removing` by the time that curl gives up.
        _ = try? await Command(
            "/usr/bin/curl",
            [
                "--silent", "--max-time", "1", "--unix-socket", socket, "--request", "DELETE",
                "http://d/v4.0.0/libpod/containers/\(container)?force=true",
            ]
        ).run()
        await killService()
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
