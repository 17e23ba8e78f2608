/// The container engines whose API this module speaks.
public enum EngineProduct: String, Sendable {
    case podman, docker
}
