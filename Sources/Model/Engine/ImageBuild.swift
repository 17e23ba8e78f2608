/// An image to be built from a directory.
public struct ImageBuild: Sendable {
    public var directory: String
    /// What the image is called.
    public var tag: String
    public var labels: [String: String]
    /// Brings an image that the build starts or copies from onto this host, by its name in the `Containerfile`.
    public var base: @Sendable (_ name: String) async throws -> StoredImage

    public init(
        directory: String, tag: String, labels: [String: String] = [:],
        base: @escaping @Sendable (_ name: String) async throws -> StoredImage
    ) {
        self.directory = directory
        self.tag = tag
        self.labels = labels
        self.base = base
    }
}
