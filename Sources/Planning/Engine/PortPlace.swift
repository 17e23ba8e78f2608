/// Where a TCP connection goes to.
public struct PortPlace: Hashable, Sendable {
    /// Of IPv4 or IPv6, as text.
    public let address: String
    public let port: UInt16

    public init(_ address: String, _ port: UInt16) {
        self.address = address
        self.port = port
    }
}

/// What becomes of a TCP connection.
public enum PortAnswer: Hashable, Sendable {
    /// Somebody takes it.
    case taken
    case refused
    /// Nothing came back in time, or there is no way.
    case silent
    /// This host itself holds it, for a program that never takes it: engines keep the port of a container so, and are
    /// reached where the rule that leads to the container is gone.
    case untaken
    /// It could not be tried.
    case unknown

    /// Whether there is nothing to find out.
    public var isSettled: Bool { self == .taken || self == .unknown }
}
