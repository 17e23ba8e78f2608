/// Where the keys of a policy that nobody wrote take their values from.
public enum PolicyProfile: String, Codable, Sendable {
    /// Whoever can push decides what runs in containers, and nothing else of the host.
    case strict
    /// Whoever can push may do what root can.
    case trusted
}

/// Where images come from that a plan may name.
public struct ImagePolicy: Codable, Hashable, Sendable {
    /// `HOST` or `HOST/PREFIX` of image references; `nil` accepts every registry.
    public var registries: [String]?
    /// Addresses of image archives, with everything below them; `nil`: see `VSNPolicy.accepts(archive:)`.
    public var archives: [String]?
    /// `HOST` or `HOST/PREFIX` of the images that builds begin with; `nil`: those of `registries`.
    public var buildBases: [String]?
    /// Annotations that images may have beside those that describe them; a `*` at the end stands for any rest. `nil`: see
    /// `VSNPolicy.refusedAnnotations`.
    public var annotations: [String]?

    public init(
        registries: [String]? = nil, archives: [String]? = nil, buildBases: [String]? = nil,
        annotations: [String]? = nil
    ) {
        self.registries = registries
        self.archives = archives
        self.buildBases = buildBases
        self.annotations = annotations
    }

    /// Whether a build may start from `image`.
    public func accepts(base image: ImageReference) -> Bool {
        (buildBases ?? registries).map { $0.contains { VSNPolicy.covers($0, image.name) } } ?? true
    }
}

/// What plans say of the user namespaces of their containers.
public enum UserNamespacePolicy: String, Codable, Sendable {
    /// What they like.
    case allowed
    /// That each container has one of its own.
    case required
}

/// Where the images of a plan are built.
public enum BuildPolicy: String, Codable, Sendable {
    /// Cut off from the host.
    case isolated
    /// Nowhere.
    case off
    /// By the engine, as root.
    case host
}
