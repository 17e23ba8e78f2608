/// What an image says of the software in it, for the environment of its containers.
public struct ImageMetadata: Hashable, Sendable, Codable {
    /// Of its label `org.opencontainers.image.title`.
    public var title: String?
    /// Of `org.opencontainers.image.version`. Without a title it is that of an image that this one was built on.
    public var version: String?
    /// Those of `names` that the image itself sets: they stay as they are.
    public var own: [String]

    /// Variables that containers get without a prefix, unless plan or image have their own.
    public static let names = ["APP_NAME", "APP_VERSION", "IMAGE_NAME", "IMAGE_VERSION"]

    private static let longest = 256

    public init(title: String? = nil, version: String? = nil, own: [String] = []) {
        self.title = title
        self.version = version
        self.own = own
    }

    package init(_ image: ImageConfiguration) {
        title = Self.text(image.labels["org.opencontainers.image.title"])
        version = title == nil ? nil : Self.text(image.labels["org.opencontainers.image.version"])
        let set = image.environment.map { $0.prefix { $0 != "=" } }
        own = Self.names.filter { name in set.contains { $0 == name } }
    }

    /// A stranger's: what is no short line is none.
    private static func text(_ label: String?) -> String? {
        guard let label, !label.isEmpty, label.utf8.count <= longest, !label.hasControlCharacters else { return nil }
        return label
    }
}
