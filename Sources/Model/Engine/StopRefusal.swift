/// An error of a stop that may tell why the engine could not stop a container.
public protocol StopRefusal: Error {
    /// Whether the container ends by itself and is started again faster than the engine takes a stop.
    var isCrashLoop: Bool { get }
}
