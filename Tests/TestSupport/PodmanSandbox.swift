internal import Foundation
internal import Processes

/// What Podman starts containers with.
public enum ContainerRuntime: String, Sendable { case crun, runc }

/// A Podman of one test: own storage, configuration, socket and addresses, so that two tests never meet.
///
/// Nothing listens on `socket` until somebody starts a service there with `environment`; Fairlead's engine does
/// (`startsService`), and `startService()` does. Rooted Podman keeps the addresses and names of *all* storages in
/// one place by network name: name networks and stacks after `id`.
public final class PodmanSandbox: Sendable {
    /// Unique, fit for stack, network and container names: `t` and eight hexadecimal digits.
    public let id: String
    /// Holds everything of the sandbox.
    public let root: String
    public let socket: String
    /// The whole environment for a podman of this sandbox, whoever starts it.
    public let environment: [String: String]
    /// `10.x.y`: `.0/26` is the default network's, `.64/26` is free for tests, `.128/25` for automatic choice.
    public let subnetPrefix: String

    /// Why a test that needs Podman cannot run here: `.enabled(if: PodmanSandbox.unavailable == nil)`.
    public static let unavailable: String? = PodmanHost.missing

    /// A subnet for an explicit network of the test; others are taken from the pool by Podman.
    public var subnet: String { "\(subnetPrefix).64/26" }

    private init(id: String, root: String, subnetPrefix: String) {
        self.id = id
        self.root = root
        self.subnetPrefix = subnetPrefix
        socket = "\(root)/podman.sock"
        environment = Command.plainEnvironment.merging([
            "CONTAINERS_CONF": "\(root)/containers.conf", "CONTAINERS_STORAGE_CONF": "\(root)/storage.conf",
            "CONTAINERS_REGISTRIES_CONF": "\(root)/registries.conf", "REGISTRY_AUTH_FILE": "\(root)/auth.json",
            "TMPDIR": "\(root)/downloads",
        ]) { $1 }
    }

    /// `insecureRegistries`: `host:port` of registries without TLS. `runtime`: what runs containers; where it is not
    /// named, what this machine can do without help.
    public static func make(
        insecureRegistries: [String] = [], runtime: ContainerRuntime? = nil
    ) async throws -> PodmanSandbox {
        if let unavailable { throw PodmanSandboxError(description: unavailable) }
        await PodmanLeftovers.sweepOnce()
        let id = "t" + String(UInt32.random(in: 0 ... .max) | 0x1000_0000, radix: 16)
        let sandbox = PodmanSandbox(
            id: id, root: "\(PodmanLeftovers.parent)/fl-podman-\(getpid())-\(id)",
            subnetPrefix: try await PodmanHost.freeSubnet())
        try sandbox.writeConfiguration(insecureRegistries, runtime: runtime)
        return sandbox
    }

    /// Makes one, runs `body`, shuts it down, whatever happens.
    public static func with<Result>(
        insecureRegistries: [String] = [], runtime: ContainerRuntime? = nil,
        _ body: (PodmanSandbox) async throws -> Result
    ) async throws -> Result {
        let sandbox = try await make(insecureRegistries: insecureRegistries, runtime: runtime)
        do {
            let result = try await body(sandbox)
            await sandbox.shutDown()
            return result
        } catch {
            await sandbox.shutDown()
            throw error
        }
    }

    /// Runs the podman program on this sandbox's storage; returns its standard output, trimmed.
    @discardableResult
    public func podman(_ arguments: String...) async throws -> String {
        try await podman(arguments)
    }

    @discardableResult
    public func podman(_ arguments: [String]) async throws -> String {
        guard let podman = PodmanHost.podman else { throw PodmanSandboxError(description: "podman is not installed") }
        let command = Command(podman, arguments, environment: environment, deadline: .seconds(120))
        let result: CommandResult
        do {
            result = try await command.run()
        } catch let failure where failure.tail.contains("no such network interface") {
            // That of another test went while Podman looked at all of them.
            result = try await command.run()
        }
        return result.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func writeConfiguration(_ insecureRegistries: [String], runtime: ContainerRuntime?) throws {
        for directory in ["networks", "downloads", "tmp"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(directory)", withIntermediateDirectories: true)
        }
        let storage = """
            [storage]
            driver="overlay"
            graphroot="\(root)/graph"
            runroot="\(root)/run"

            """
        let registries = insecureRegistries.map { "[[registry]]\nlocation=\"\($0)\"\ninsecure=true\n" }.joined()
        let settings = try PodmanHost.settings(root: root, subnet: subnetPrefix, runtime: runtime)
        for (name, text) in [("containers", settings), ("storage", storage), ("registries", registries)] {
            try text.write(toFile: "\(root)/\(name).conf", atomically: true, encoding: .utf8)
        }
        try "{}".write(toFile: "\(root)/auth.json", atomically: true, encoding: .utf8)
    }
}
