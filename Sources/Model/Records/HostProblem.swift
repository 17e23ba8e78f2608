/// Something about the host that has to be mended before a deployment.
public struct HostProblem: Hashable, Sendable, Codable {
    public var message: String
    public var hint: String

    public init(message: String, hint: String) {
        self.message = message
        self.hint = hint
    }
}
