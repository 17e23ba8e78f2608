public import Model

/// Brings images onto the host and drops them.
public protocol ImageSupply: Sendable {
    /// Pulls by tag or digest; progress is a short text for people.
    func pull(
        _ image: ImageReference, credentials: RegistryCredentials?, progress: @escaping @Sendable (String) -> Void
    ) async throws -> StoredImage
    /// Downloads, checks the digest, loads, and removes the download.
    func load(_ archive: ImageArchive, progress: @escaping @Sendable (String) -> Void) async throws -> StoredImage
    func build(_ build: ImageBuild, progress: @escaping @Sendable (String) -> Void) async throws -> StoredImage
    /// Every image of the engine.
    func images() async throws -> [StoredImage]
    /// Whether every file of the stored image can be read, with the content that was pulled. Reads all of it.
    func isIntact(_ id: String) async throws -> Bool
    /// Removes the image with all its names; no error when it is gone, in use images stay unless `force`.
    func removeImage(_ id: String, force: Bool) async throws
}

/// Whether images were signed as the host demands.
public protocol ImageVouching: Sendable {
    /// Whether images of this name have to be signed at all.
    func demandsSignature(of image: ImageReference) throws -> Bool
    /// Whether `image`, which was brought earlier, may be taken for `reference` without asking its registry again.
    func vouches(for image: StoredImage, as reference: ImageReference) throws -> Bool
}

/// Of a host that demands no signatures.
public struct UncheckedImages: ImageVouching {
    public init() {}

    public func demandsSignature(of image: ImageReference) -> Bool { false }
    public func vouches(for image: StoredImage, as reference: ImageReference) -> Bool { true }
}

/// Makes and ends containers.
public protocol ContainerControl: Sendable {
    /// All containers that carry `label` (with `value`, where given), whatever their state.
    func containers(label: String, value: String?) async throws -> [ContainerStatus]
    /// Every container of the engine.
    func allContainers() async throws -> [ContainerStatus]
    /// Returns the id. A container of the same name is an error.
    func create(_ spec: ContainerSpec) async throws -> String
    func start(_ id: String) async throws
    /// Sends the stop signal, waits `grace`, kills. No error when it is stopped or gone; a `StopRefusal` where it
    /// crashes too fast to be stopped.
    func stop(_ id: String, grace: PlanDuration) async throws
    /// Also of a running or broken one, with its anonymous volumes. No error when it is gone.
    func removeContainer(_ id: String) async throws
}

/// User ids that containers have for themselves.
public protocol UserNamespaces: Sendable {
    /// Whether the container of `spec` would get the ids that it names, and its mounts with them; throws what is in the way.
    /// Nothing of the image runs, and nothing stays.
    func tryUserNamespace(_ spec: ContainerSpec) async throws
}

/// Looks into containers.
public protocol ContainerInsight: Sendable {
    /// `nil` when it is gone.
    func inspect(_ id: String) async throws -> ContainerStatus?
    /// Runs one check; every failure is `unhealthy` with the reason.
    func probe(_ check: HealthCheck, container: ContainerStatus, timeout: PlanDuration) async -> ProbeResult
    /// The exit status of the newest run that has ended, also while it runs again; `nil` when it is not known.
    func lastExitCode(_ id: String) async throws -> Int?
    /// The end of its standard output and standard error.
    func logTail(_ id: String, lines: Int) async throws -> String
}

/// Networks of the engine.
public protocol NetworkControl: Sendable {
    /// `resolvesNames`: whether the engine may have a name server on it, for the containers to find each other.
    func createNetwork(
        name: String, as plan: NetworkPlan, labels: [String: String], resolvesNames: Bool
    ) async throws
    /// Names of the networks that carry `label` (with `value`, where given).
    func networks(label: String, value: String?) async throws -> [String]
    /// Every network of the engine.
    func allNetworks() async throws -> [NetworkStatus]
    /// Takes every container out of it; the containers run on. Returns their names.
    func detachContainers(from network: String) async throws -> [String]
    /// No error when it is gone.
    func removeNetwork(_ name: String) async throws
}

/// The bridges of the host, on which the engine's networks lie.
public protocol BridgeControl: Sendable {
    /// `nil` where there is none.
    func bridge(named name: String) async throws -> BridgeStatus?
    /// No error when it is gone.
    func removeBridge(named name: String) async throws
    /// Gives it its own addresses again, each with the length of its network; containers on it run on.
    func readdressBridge(named name: String, _ addresses: [String]) async throws
}

/// Networks out of which no way leads.
public protocol NetworkIsolation: Sendable {
    /// Its containers reach each other by address, and nothing else: not the host, nor other networks.
    func createIsolatedNetwork(name: String, subnet: String, labels: [String: String]) async throws
}
