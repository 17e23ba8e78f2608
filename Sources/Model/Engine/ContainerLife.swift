/// Whether what the engine says of a running container is so, as the host itself sees it.
public struct ContainerLife: Hashable, Sendable {
    /// How long its first process has lived; `nil` when it does not live.
    public var age: Duration?
    /// Whether the engine's monitor of it lives: without it nobody restarts the container, or keeps its log.
    public var isMonitored: Bool

    /// Whether a signal (SIGSTOP) has halted its first process: it answers nobody, and ends by itself no more.
    public var isHalted: Bool

    public init(age: Duration?, isMonitored: Bool = true, isHalted: Bool = false) {
        self.age = age
        self.isMonitored = isMonitored
        self.isHalted = isHalted
    }

    public static let ended = ContainerLife(age: nil, isMonitored: false)
}
