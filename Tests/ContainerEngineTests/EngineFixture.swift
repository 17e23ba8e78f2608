import ContainerEngine
import Logging
import Model
import Synchronization
import TestSupport
import Testing

/// An engine on a sandbox of its own; everything goes at the end.
struct EngineFixture {
    let sandbox: PodmanSandbox
    let engine: PodmanEngine

    static let canRun = PodmanSandbox.unavailable == nil

    static func configuration(_ sandbox: PodmanSandbox) -> EngineConfiguration {
        var configuration = EngineConfiguration()
        configuration.socket = sandbox.socket
        configuration.environment = sandbox.environment
        configuration.downloads = sandbox.root + "/fairlead-downloads"
        configuration.buildDirectory = sandbox.root + "/fairlead-builds"
        return configuration
    }

    static func with<Result>(
        insecureRegistries: [String] = [], runtime: ContainerRuntime? = nil, changing change: EngineChange? = nil,
        _ body: (EngineFixture) async throws -> Result
    ) async throws -> Result {
        try await PodmanSandbox.with(insecureRegistries: insecureRegistries, runtime: runtime) { sandbox in
            var configuration = configuration(sandbox)
            change?.apply(&configuration)
            let engine = PodmanEngine(configuration: configuration, logger: Logger(label: "test"))
            let result = try await body(EngineFixture(sandbox: sandbox, engine: engine))
            await engine.shutDown()
            return result
        }
    }

    /// A network and a spec of a container in it, running `command` in a test image.
    func spec(_ name: String = "web", image: PodmanTestImage = PodmanTestImage()) async throws -> ContainerSpec {
        let id = try await sandbox.load(image, as: "localhost/\(sandbox.id)-\(name):1")
        if try await engine.networks(label: "of", value: sandbox.id).isEmpty {
            try await engine.createNetwork(
                name: sandbox.id, as: NetworkPlan(subnet: sandbox.subnet), labels: ["of": sandbox.id])
        }
        return ContainerSpec(name: "\(sandbox.id)-\(name)", image: id, network: sandbox.id)
    }

    /// Builds `directory` from images that the sandbox has.
    func build(
        _ directory: String, as tag: String = "localhost/a:1", labels: [String: String] = [:], heard: Heard = Heard()
    ) async throws -> StoredImage {
        let engine = engine
        let build = ImageBuild(directory: directory, tag: tag, labels: labels) { name in
            try #require(try await engine.images().first { $0.names.contains(name) }, "\(name)")
        }
        return try await engine.build(build) { heard.add($0) }
    }

    func run(_ spec: ContainerSpec) async throws -> ContainerStatus {
        let id = try await engine.create(spec)
        try await engine.start(id)
        return try #require(try await engine.inspect(id))
    }

    /// Waits until `condition` holds, for at most a minute.
    static func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
        for _ in 0..<1200 {
            if try await condition() { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }
}

/// One departure from the usual configuration.
struct EngineChange: Sendable {
    let apply: @Sendable (inout EngineConfiguration) -> Void

    static func builds(_ policy: BuildPolicy) -> Self { Self { $0.builds = policy } }

    init(_ apply: @escaping @Sendable (inout EngineConfiguration) -> Void) { self.apply = apply }
}

/// Texts that a callback was given.
final class Heard: Sendable {
    private let texts = Mutex<[String]>([])
    func add(_ text: String) { texts.withLock { $0.append(text) } }
    var all: [String] { texts.withLock { $0 } }
}

/// The error of `body`, which has to fail with an `EngineError`.
func engineError(_ body: () async throws -> some Any) async -> EngineError? {
    do {
        _ = try await body()
        Issue.record("it did not fail")
    } catch let error as EngineError {
        return error
    } catch {
        Issue.record("another error: \(error)")
    }
    return nil
}
