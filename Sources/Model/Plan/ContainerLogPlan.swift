/// Where what a container writes to its standard output and its standard error goes; a container whose plan has none of it
/// writes to systemd's journal where the host has one.
public struct ContainerLogPlan: Codable, Hashable, Sendable {
    public enum Driver: String, Codable, Sendable {
        /// systemd's journal: the lines outlast the container.
        case journald
        /// A file of the engine, which goes with the container.
        case file
        /// Nowhere.
        case none
    }

    public var driver: Driver
    /// Of the file; absent: `ContainerLog.standardMaximum`.
    public var maximum: ByteCount?

    public init(driver: Driver, maximum: ByteCount? = nil) {
        self.driver = driver
        self.maximum = maximum
    }
}
