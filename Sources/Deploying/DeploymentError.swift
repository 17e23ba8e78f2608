public import Planning

/// A deployment cannot go on.
public struct DeploymentError: Actionable, Hashable {
    public let message: String
    public let hint: String
    public let disposition: Disposition

    public init(_ message: String, hint: String = "", disposition: Disposition) {
        self.message = message
        self.hint = hint
        self.disposition = disposition
    }

    /// A newer commit asks for something else; the deployment is left to it.
    static let preempted = DeploymentError(
        "a newer commit changes the plan", hint: "it is deployed next", disposition: .interrupted)
}

extension Disposition {
    /// What an error of any kind means for the loop; an unknown error may pass by itself.
    public static func of(_ error: any Error) -> Disposition {
        if error is CancellationError { return .interrupted }
        return (error as? any Actionable)?.disposition ?? .transient
    }
}
