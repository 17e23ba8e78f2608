/// What the owner of a VSN lets plans do on it, whatever the customer repo says.
public struct VSNPolicy: Codable, Hashable, Sendable {
    /// `HOST` or `HOST/PREFIX` of the image references that are accepted; `nil` accepts every registry.
    ///
    /// Archives and builds are not references: archives are pinned by their digest, builds by the commit.
    public var allowedRegistries: [String]?
    /// Directories of the host that plans may mount, with everything below them.
    public var allowedHostPaths: [String]
    public var privileged: Bool
    /// Linux capabilities, without `CAP_`, that plans may add beside those that every container has.
    public var allowedCapabilities: [String]
    /// In percent of the deployed containers: a plan that drops more is refused. 100 is no limit.
    public var maximumShrink: Int

    public init(
        allowedRegistries: [String]? = nil, allowedHostPaths: [String] = [], privileged: Bool = false,
        allowedCapabilities: [String] = [], maximumShrink: Int = 100
    ) {
        self.allowedRegistries = allowedRegistries
        self.allowedHostPaths = allowedHostPaths
        self.privileged = privileged
        self.allowedCapabilities = allowedCapabilities
        self.maximumShrink = maximumShrink
    }

    /// Every key may be absent.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(allowedRegistries: try container.decodeIfPresent([String].self, forKey: .allowedRegistries))
        allowedHostPaths = try container.decodeIfPresent([String].self, forKey: .allowedHostPaths) ?? []
        privileged = try container.decodeIfPresent(Bool.self, forKey: .privileged) ?? false
        allowedCapabilities = try container.decodeIfPresent([String].self, forKey: .allowedCapabilities) ?? []
        maximumShrink = try container.decodeIfPresent(Int.self, forKey: .maximumShrink) ?? 100
    }
}
