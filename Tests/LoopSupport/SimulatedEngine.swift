public import Deploying
public import Model
public import Reconciling
internal import Synchronization

/// An engine in memory: images come from a registry that has every image, containers run until they are stopped.
///
/// It refuses what a real one refuses: a second container or network of one name, the removal of a network in use.
public final class SimulatedEngine: Sendable {
    struct Container {
        var status: ContainerStatus
        var spec: ContainerSpec
    }

    struct State {
        var images: [StoredImage] = []
        var containers: [String: Container] = [:]
        var networks: [String: NetworkStatus] = [:]
        var made = 0
        var unhealthy: Set<String> = []
        var missing: Set<String> = []
        var stalled: Set<String> = []
        var labels: [String: [String: String]] = [:]
    }

    let calls: Calls
    let state = Mutex(State())

    public init(calls: Calls) { self.calls = calls }

    /// No container of such an image becomes healthy.
    public func spoil(_ image: String) { state.withLock { _ = $0.unhealthy.insert(image) } }

    /// What such an image says of itself from now on; of others nothing is known.
    public func label(_ image: String, _ labels: [String: String]) { state.withLock { $0.labels[image] = labels } }

    /// Its containers become healthy again.
    public func heal(_ image: String) { state.withLock { _ = $0.unhealthy.remove(image) } }

    /// The registry does not answer for such an image, until `restore`.
    public func withdraw(_ image: String) { state.withLock { _ = $0.missing.insert(image) } }

    /// The registry accepts the question for such an image and never answers, until `restore`.
    public func stall(_ image: String) { state.withLock { _ = $0.stalled.insert(image) } }

    public func restore(_ image: String) {
        state.withLock { state in
            state.missing.remove(image)
            state.stalled.remove(image)
        }
    }

    /// Names on the host and images of the containers that run.
    public var running: [String: String] {
        state.withLock { state in
            Dictionary(
                uniqueKeysWithValues: state.containers.values.filter { $0.status.state == .running }.map { container in
                    let image = state.images.first { $0.id == container.spec.image }
                    return (container.status.name, image?.names.first ?? container.spec.image)
                })
        }
    }

    /// Ids of all containers, by name on the host.
    public var ids: [String: String] {
        state.withLock { Dictionary(uniqueKeysWithValues: $0.containers.map { ($0.value.status.name, $0.key) }) }
    }

    /// As somebody does who removes it by hand.
    public func lose(_ name: String) {
        state.withLock { $0.containers = $0.containers.filter { $0.value.status.name != name } }
    }

    /// As somebody does who makes a second container with all that the first one has.
    public func imitate(_ name: String, as copy: String) {
        state.withLock { state in
            guard var container = state.containers.values.first(where: { $0.status.name == name }) else { return }
            container.status.id = Self.id(of: "copy \(copy)")
            container.status.name = copy
            state.containers[container.status.id] = container
        }
    }

    /// As a host that goes down: nothing runs any more, all of it is still there.
    public func halt() {
        state.withLock { state in
            for id in state.containers.keys { state.containers[id]?.status.state = .exited }
        }
    }

    static func id(of text: String) -> String {
        let sum = text.utf8.reduce(14_695_981_039_346_656_037 as UInt64) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        let digits = String(sum, radix: 16)
        return String(repeating: "0", count: 64 - digits.count) + digits
    }
}

extension SimulatedEngine: ImageSupply {
    public func pull(
        _ image: ImageReference, credentials: RegistryCredentials?, progress: @escaping @Sendable (String) -> Void
    ) async throws -> StoredImage {
        try calls.enter("pull \(image)")
        let name = "\(image)"
        while isStalled(name) { try await Task.sleep(for: .milliseconds(1)) }
        return try state.withLock { state in
            guard !state.missing.contains(name) else { throw ScriptedFailure("the registry does not answer") }
            let stored = StoredImage(
                id: "sha256:" + Self.id(of: name), digest: "sha256:" + Self.id(of: "digest \(name)"), names: [name])
            if !state.images.contains(where: { $0.id == stored.id }) { state.images.append(stored) }
            return stored
        }
    }

    private func isStalled(_ image: String) -> Bool { state.withLock { $0.stalled.contains(image) } }

    public func load(
        _ archive: ImageArchive, progress: @escaping @Sendable (String) -> Void
    ) throws -> StoredImage { throw UnexpectedCall(name: "load") }

    public func build(_ build: ImageBuild, progress: @escaping @Sendable (String) -> Void) throws -> StoredImage {
        throw UnexpectedCall(name: "build")
    }

    public func images() throws -> [StoredImage] {
        try calls.enter("images")
        return state.withLock { $0.images }
    }

    public func isIntact(_ id: String) throws -> Bool {
        try calls.enter("isIntact")
        return true
    }

    public func removeImage(_ id: String, force: Bool) throws {
        try calls.enter("removeImage")
        state.withLock { $0.images.removeAll { $0.id == id } }
    }
}

extension SimulatedEngine: ImageInsight {
    public func configuration(ofImage name: String) throws -> ImageConfiguration? {
        try calls.enter("configuration")
        return state.withLock { state in
            let names = state.images.first { $0.id == name }?.names ?? []
            guard let labels = names.compactMap({ state.labels[$0] }).first else { return nil }
            var configuration = ImageConfiguration(command: ["/serve"])
            configuration.labels = labels
            return configuration
        }
    }

    public func accounts(by probe: ContainerSpec) throws -> ImageAccounts? { nil }
    public func writtenPaths(in container: String, below paths: [String], beside mounts: Set<String>) -> [String] { [] }
}

extension SimulatedEngine: UserNamespaces {
    public func tryUserNamespace(_ spec: ContainerSpec) throws { throw UnexpectedCall(name: "tryUserNamespace") }
}

extension SimulatedEngine: StackInsight {}
