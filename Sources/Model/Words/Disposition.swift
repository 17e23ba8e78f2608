/// What the loop does about an error.
public enum Disposition: String, Sendable, Codable {
    /// May pass by itself (network, registry, git server): tried again with backoff, up to a limit.
    case transient
    /// The same plan would fail again (schema, policy, unhealthy): tried once, remembered by plan digest.
    case permanent
    /// A newer commit, a shutdown or a suspension ended the work; nothing is wrong with the plan.
    case interrupted

    /// What an error of any kind means for the loop; an unknown error may pass by itself.
    public static func of(_ error: any Error) -> Disposition {
        if error is CancellationError { return .interrupted }
        return (error as? any Actionable)?.disposition ?? .transient
    }

    /// Whether it may pass by itself.
    public var mayPass: Bool { self == .transient }
    /// Whether the same would fail again.
    public var isForGood: Bool { self == .permanent }
    /// Whether something ended the work in which nothing was wrong.
    public var isInterruption: Bool { self == .interrupted }
}

/// An error that knows what was attempted, on what, why it failed and what to do next.
public protocol Actionable: Error, CustomStringConvertible {
    /// One line, lower case, values in 'quotes': what failed and why.
    var message: String { get }
    /// What the operator does next; one line, may be empty.
    var hint: String { get }
    var disposition: Disposition { get }
}

extension Error {
    /// Whether it may pass by itself, as an unknown error may.
    public var mayPass: Bool { Disposition.of(self).mayPass }
    /// Whether the same would fail again.
    public var isForGood: Bool { Disposition.of(self).isForGood }
    /// Whether something ended the work in which nothing was wrong, such as a cancellation.
    public var isInterruption: Bool { Disposition.of(self).isInterruption }
}

extension Actionable {
    public var description: String { hint.isEmpty ? message : "\(message); \(hint)" }
}
