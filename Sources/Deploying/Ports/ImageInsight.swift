public import Model

/// Looks into images, and into what containers made of them.
public protocol ImageInsight: Sendable {
    /// What an image on this host says of itself, by its id or name; `nil` where it is not there.
    func configuration(ofImage name: String) async throws -> ImageConfiguration?
    /// Which users and groups the image of `probe` knows, by a container that is made and removed, and never started; `nil` where
    /// the engine cannot show its files.
    func accounts(by probe: ContainerSpec) async throws -> ImageAccounts?
    /// Those of `paths` below which the container holds files that are kept nowhere else, and so go with it; what is there for
    /// `mounts` does not count. None of a container that is gone.
    func writtenPaths(in container: String, below paths: [String], beside mounts: Set<String>) async throws -> [String]
}
