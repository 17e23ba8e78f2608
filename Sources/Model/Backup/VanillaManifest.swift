/// What a vendor's vanilla backup holds: the data with which an installation of one version begins.
///
/// In the vendor's storage: `releases/VERSION/vanilla/manifest.json` beside its signature `manifest.json.sig` and the parts.
public struct VanillaManifest: Codable, Hashable, Sendable {
    public static let currentFormat = 1

    public var format: Int
    /// Of the release that it belongs to.
    public var version: String
    /// By the name of the data directory.
    public var volumes: [DataName: VolumeArchive]

    public init(version: String, volumes: [DataName: VolumeArchive]) {
        format = Self.currentFormat
        self.version = version
        self.volumes = volumes
    }

    /// Of the data directories that it holds.
    public var dataNames: [String] { volumes.keys.map(\.description) }

    /// What it holds of the data directory `name`.
    public func archive(of name: String) -> VolumeArchive? { DataName(name).flatMap { volumes[$0] } }
}
