import Model
import Synchronization
import TestSupport
import Testing

@testable import Deploying

@Suite("J10: a drill sees and ends nothing but what it made")
struct DrillEngineTests {
    private let base = TwoStacks()

    private var engine: DrillEngine {
        DrillEngine(base, plan: nil) { _, _, _ in .unhealthy("asked by the network") }
    }

    @Test("its own containers look like the stack's to its deployment, and the stack's like somebody else's")
    func disguise() async throws {
        #expect(try await engine.containers(label: FairleadLabel.stack, value: nil).map(\.id) == ["drilled"])
        #expect(try await engine.containers(label: FairleadLabel.commit, value: nil).map(\.id) == ["drilled"])
        let all = try await engine.allContainers()
        #expect(all.filter { !$0.isForeign }.map(\.id) == ["drilled"])
        #expect(all.filter(\.isForeign).map(\.id) == ["served"])
        #expect(try await engine.networks(label: FairleadLabel.stack, value: nil) == ["fairlead-drill-acme"])
        let foreign = try await engine.allNetworks().filter { $0.labels[FairleadLabel.stack] == nil }
        #expect(foreign.map(\.name) == ["acme"])
    }

    @Test("what it makes carries its own label, publishes nothing, is not started again, and gives way")
    func creation() async throws {
        var spec = ContainerSpec(name: "fairlead-drill-acme-web", image: "sha256:1", network: "fairlead-drill-acme")
        spec.labels = [FairleadLabel.stack: "fairlead-drill-acme", FairleadLabel.container: "web"]
        spec.ports = [try #require(PortMapping("443:8443"))]
        spec.privileged = true
        _ = try await engine.create(spec)
        let made = try #require(base.made.withLock { $0 })
        #expect(made.labels == [FairleadLabel.drill: "fairlead-drill-acme", FairleadLabel.container: "web"])
        #expect(made.ports.isEmpty && !made.privileged && !made.restarts && made.yields)
    }

    @Test("what it tries before it makes anything carries its own label too")
    func trial() async throws {
        var spec = ContainerSpec(name: "fairlead-drill-acme-web", image: "sha256:1", network: "fairlead-drill-acme")
        spec.labels = [FairleadLabel.stack: "fairlead-drill-acme"]
        try await engine.tryUserNamespace(spec)
        #expect(base.made.withLock { $0?.labels } == [FairleadLabel.drill: "fairlead-drill-acme"])
    }

    @Test("it ends its own containers and networks, and refuses to end the stack's")
    func ending() async throws {
        await #expect(throws: DeploymentError.self) { try await engine.stop("served", grace: .seconds(1)) }
        await #expect(throws: DeploymentError.self) { try await engine.removeContainer("served") }
        await #expect(throws: DeploymentError.self) { try await engine.removeNetwork("acme") }
        await #expect(throws: DeploymentError.self) { _ = try await engine.detachContainers(from: "acme") }
        await #expect(throws: DeploymentError.self) {
            try await engine.createNetwork(
                name: "fairlead-drill-acme", as: NetworkPlan(), labels: [:], resolvesNames: true)
        }
        try await engine.removeImage("sha256:1", force: true)
        #expect(base.ended.withLock { $0 } == [])
        try await engine.removeAll()
        #expect(base.ended.withLock { $0 } == ["drilled", "fairlead-drill-acme"])
    }
}

/// A host with a running stack and the rest of a drill; a call that is not expected fails.
private final class TwoStacks: DrillEngine.Base {
    let made = Mutex<ContainerSpec?>(nil)
    let ended = Mutex<[String]>([])

    private struct Unexpected: Error {}

    private let statuses = [
        ContainerStatus(
            id: "served", name: "acme-web", imageID: "", state: .running,
            labels: [FairleadLabel.stack: "acme", FairleadLabel.commit: "1"]),
        ContainerStatus(
            id: "drilled", name: "fairlead-drill-acme-web", imageID: "", state: .exited,
            labels: [FairleadLabel.drill: "fairlead-drill-acme", FairleadLabel.commit: "1"]),
    ]
    private let links = [
        NetworkStatus(name: "acme", labels: [FairleadLabel.stack: "acme"]),
        NetworkStatus(name: "fairlead-drill-acme", labels: [FairleadLabel.drill: "fairlead-drill-acme"]),
    ]

    func containers(label: String, value: String?) async throws -> [ContainerStatus] {
        statuses.filter { $0.labels[label] != nil }
    }
    func allContainers() async throws -> [ContainerStatus] { statuses }
    func inspect(_ id: String) async throws -> ContainerStatus? { statuses.first { $0.id == id } }
    func networks(label: String, value: String?) async throws -> [String] {
        links.filter { $0.labels[label] != nil }.map(\.name)
    }
    func allNetworks() async throws -> [NetworkStatus] { links }
    func create(_ spec: ContainerSpec) async throws -> String {
        made.withLock { $0 = spec }
        return "new"
    }
    func removeContainer(_ id: String) async throws { ended.withLock { $0.append(id) } }
    func removeNetwork(_ name: String) async throws { ended.withLock { $0.append(name) } }
    func detachContainers(from network: String) async throws -> [String] { [] }

    func start(_ id: String) async throws { throw Unexpected() }
    func stop(_ id: String, grace: PlanDuration) async throws { throw Unexpected() }
    func probe(_ check: HealthCheck, container: ContainerStatus, timeout: PlanDuration) async -> ProbeResult {
        .unhealthy("asked by the engine")
    }
    func lastExitCode(_ id: String) async throws -> Int? { throw Unexpected() }
    func logTail(_ id: String, lines: Int) async throws -> String { throw Unexpected() }
    func tryUserNamespace(_ spec: ContainerSpec) async throws { made.withLock { $0 = spec } }
    func createNetwork(
        name: String, as plan: NetworkPlan, labels: [String: String], resolvesNames: Bool
    ) async throws { throw Unexpected() }
    func createIsolatedNetwork(name: String, subnet: String, labels: [String: String]) async throws {
        throw Unexpected()
    }
    func pull(
        _ image: ImageReference, credentials: RegistryCredentials?, progress: @escaping @Sendable (String) -> Void
    ) async throws -> StoredImage { throw Unexpected() }
    func load(
        _ archive: ImageArchive, progress: @escaping @Sendable (String) -> Void
    ) async throws -> StoredImage { throw Unexpected() }
    func build(
        _ build: ImageBuild, progress: @escaping @Sendable (String) -> Void
    ) async throws -> StoredImage { throw Unexpected() }
    func configuration(ofImage name: String) async throws -> ImageConfiguration? { throw Unexpected() }
    func accounts(by probe: ContainerSpec) async throws -> ImageAccounts? { throw Unexpected() }
    func writtenPaths(
        in container: String, below paths: [String], beside mounts: Set<String>
    ) async throws -> [String] { throw Unexpected() }
    func images() async throws -> [StoredImage] { throw Unexpected() }
    func isIntact(_ id: String) async throws -> Bool { throw Unexpected() }
    func removeImage(_ id: String, force: Bool) async throws { throw Unexpected() }
}
