/// The container engines that Fairlead works with.
public enum EngineProduct: String, Sendable, Codable, CaseIterable {
    case podman, docker

    /// Which is meant where none was asked, or none answers.
    public static let presumed = podman

    /// What differs between this one and others.
    public var traits: EngineTraits {
        switch self {
        case .podman: .podman
        case .docker: .docker
        }
    }
}
