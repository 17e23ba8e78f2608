/// Which machine a state directory or a data root belongs to, and by which name the customer repo knows it.
public struct MachineMark: Codable, Hashable, Sendable {
    /// 16 hexadecimal digits, made of what the machine calls itself.
    public var machine: String
    public var host: String

    public init(machine: String, host: String) {
        self.machine = machine
        self.host = host
    }
}
