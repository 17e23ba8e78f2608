internal import Foundation
internal import Glibc
internal import Processes

/// A Docker daemon of one test: own storage, socket and addresses; it changes no firewall rule of this machine.
///
/// Tests with it need `dockerd`, which `Tests/setup` installs without leaving a daemon of the whole machine running.
public final class DockerFixture: Sendable {
    /// Unique, fit for stack, network and container names.
    public let id: String
    public let root: String
    public let storage: String
    public let socket: String
    /// A subnet for an explicit network of the test; others are taken from the pool by Docker.
    public let subnet: String
    private let subnetPrefix: String
    private let insecureRegistries: [String]
    private let program = BackgroundProgram()

    /// Why it cannot run here; `nil` when it can, and always in CI, where skipping would hide a failure.
    public static let unavailable: String? = {
        if ProcessInfo.processInfo.environment["CI"] == "true" { return nil }
        if geteuid() != 0 { return "not root" }
        for name in ["dockerd", "containerd", "busybox"] where Command.find(name) == nil {
            return "'\(name)' is not installed"
        }
        return nil
    }()

    private init(subnetPrefix: String, insecureRegistries: [String]) {
        id = "d" + String(UInt32.random(in: 0 ... .max) | 0x1000_0000, radix: 16)
        // Not the temporary directory: overlay storage fails on some kinds of it.
        root = "/var/tmp/fl-docker-\(id)"
        storage = "\(root)/data"
        socket = "\(root)/docker.sock"
        subnet = "\(subnetPrefix).64/26"
        self.subnetPrefix = subnetPrefix
        self.insecureRegistries = insecureRegistries
    }

    /// Starts one, runs `body`, shuts it down and removes everything, whatever happens.
    public static func with<Result>(
        insecureRegistries: [String] = [], _ body: (DockerFixture) async throws -> Result
    ) async throws -> Result {
        let docker = DockerFixture(
            subnetPrefix: try await PodmanHost.freeSubnet(), insecureRegistries: insecureRegistries)
        do {
            try await docker.start()
            let result = try await body(docker)
            await docker.shutDown()
            return result
        } catch {
            await docker.shutDown()
            throw error
        }
    }

    private func start() async throws {
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        var arguments = [
            "--data-root", storage, "--exec-root", "\(root)/exec", "--host", "unix://\(socket)",
            "--pidfile", pidFile, "--bridge", "none", "--iptables=false", "--ip6tables=false", "--ip-forward=false",
            "--ip-masq=false", "--default-address-pool", "base=\(subnetPrefix).128/25,size=28",
        ]
        if PodmanHost.lacksResourceCapability { arguments += ["--default-ulimit", "nofile=4096:4096"] }
        for registry in insecureRegistries { arguments += ["--insecure-registry", registry] }
        let script = #"log=$1; shift; exec dockerd "$@" >"$log" 2>&1"#
        try await program.start(["/bin/sh", "-c", script, "sh", "\(root)/log"] + arguments)
        for _ in 0..<300 {
            if (try? await answer(to: "_ping")) == "OK" { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        let log = (try? String(contentsOfFile: "\(root)/log", encoding: .utf8)) ?? ""
        throw PodmanSandboxError(description: "dockerd does not answer within 30 s: \(log.suffix(2000))")
    }

    private var pidFile: String { "\(root)/pid" }

    /// The daemon's own answer, past Fairlead.
    public func answer(to path: String, method: String = "GET") async throws -> String {
        let fixed = ["--silent", "--fail", "--max-time", "20", "--unix-socket", socket, "--request", method]
        return try await Command("/usr/bin/curl", fixed + ["http://docker/\(path)"]).run().text
    }

    /// The daemon ends its containerd when it is asked to end, and leaves it when it is killed.
    private func shutDown() async {
        for id in await containerIDs() {
            _ = try? await answer(to: "containers/\(id)?force=1&v=1", method: "DELETE")
        }
        for name in await names(of: "networks", "Name") where !["host", "none", "bridge"].contains(name) {
            _ = try? await answer(to: "networks/\(name)", method: "DELETE")
        }
        let text = (try? String(contentsOfFile: pidFile, encoding: .utf8)) ?? ""
        if let pid = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)), pid > 1 {
            kill(pid, SIGTERM)
            let end = ContinuousClock.now + .seconds(15)
            while kill(pid, 0) == 0, ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(100)) }
        }
        program.stop()
        PodmanLeftovers.remove(root)
    }

    private func containerIDs() async -> [String] { await names(of: "containers/json?all=1", "Id") }

    private func names(of path: String, _ key: String) async -> [String] {
        guard let text = try? await answer(to: path),
            let list = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
        else { return [] }
        return list.compactMap { $0[key] as? String }
    }
}
