/// A container as the engine reports it.
public struct ContainerStatus: Hashable, Sendable {
    public enum State: String, Sendable, Codable {
        case created, running, paused, stopping, exited, unknown
        /// Some engines wait between a crash and the next start.
        case restarting
    }

    /// 64 hexadecimal digits.
    public var id: String
    public var name: String
    public var imageID: String
    public var state: State
    /// Of the last run; meaningful when it is not running.
    public var exitCode: Int
    /// When the last run ended; `nil` unless inspected while it is not running, or where the engine did not see the end.
    public var finished: Timestamp?
    /// How often the engine has restarted it by its restart policy since it was created.
    public var restarts: Int
    public var labels: [String: String]
    /// On the stack's network; `nil` unless inspected while running.
    public var address: String?
    /// On all its networks and of both families; empty unless inspected while running.
    public var addresses: Set<String> = []
    /// The ports of the host that it holds while it runs; empty when inspected.
    public var hostPorts: Set<UInt16>
    /// Names of the networks that it is on.
    public var networks: Set<String>
    /// Of its first process, on the host; `nil` when it has none or the engine did not tell.
    public var process: Int32?
    /// Ids of the containers whose namespaces it shares, so that they cannot be removed before it; empty when listed.
    public var dependencies: Set<String>

    public init(
        id: String, name: String, imageID: String, state: State, exitCode: Int = 0, restarts: Int = 0,
        labels: [String: String] = [:], address: String? = nil, hostPorts: Set<UInt16> = [],
        networks: Set<String> = [], process: Int32? = nil, dependencies: Set<String> = []
    ) {
        self.id = id
        self.name = name
        self.imageID = imageID
        self.state = state
        self.exitCode = exitCode
        self.restarts = restarts
        self.labels = labels
        self.address = address
        self.hostPorts = hostPorts
        self.networks = networks
        self.process = process
        self.dependencies = dependencies
    }
}

/// An image that the engine holds.
public struct StoredImage: Hashable, Sendable, Codable {
    /// `sha256:` and 64 hexadecimal digits: the digest of the image's configuration.
    public var id: String
    /// `sha256:…` of the manifest in the registry; `nil` for a loaded or built image.
    public var digest: String?
    /// In bytes.
    public var size: Int64
    public var names: [String]
    /// Whose signature it had when it was pulled; `nil` where the host demanded none.
    public var signature: ImageSignature?
    /// What it said of itself when it was deployed; `nil` where nobody asked.
    public var facts: ImageFacts?

    public init(
        id: String, digest: String? = nil, size: Int64 = 0, names: [String] = [], signature: ImageSignature? = nil,
        facts: ImageFacts? = nil
    ) {
        self.id = id
        self.digest = digest
        self.size = size
        self.names = names
        self.signature = signature
        self.facts = facts
    }
}

/// A user name and a password for a registry. Never printed.
public struct RegistryCredentials: Sendable, CustomStringConvertible, CustomReflectable {
    public let username: String
    public let password: String

    public init(username: String, password: String) {
        self.username = username
        self.password = password
    }

    public var description: String { "credentials of '\(username)'" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// One health check's answer.
public enum ProbeResult: Hashable, Sendable {
    case healthy
    /// With the reason, such as `connection refused` or the end of the command's output.
    case unhealthy(String)
    /// With the reason; nothing was asked, since no way leads from the host to the container.
    case unreachable(String)
}

/// What a container engine says of itself.
public struct EngineVersion: Hashable, Sendable, Codable {
    public var product: EngineProduct
    public var version: String

    public init(product: EngineProduct, version: String) {
        self.product = product
        self.version = version
    }
}

/// Something happened to a container.
public struct ContainerEvent: Hashable, Sendable {
    public enum Action: String, Sendable { case start, died, remove, create, oom, other }

    public var container: String
    public var action: Action
    public var labels: [String: String]

    public init(container: String, action: Action, labels: [String: String]) {
        self.container = container
        self.action = action
        self.labels = labels
    }
}
