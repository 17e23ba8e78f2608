/// What the loop does about an error.
public enum Disposition: String, Sendable, Codable {
    /// May pass by itself (network, registry, git server): tried again with backoff, up to a limit.
    case transient
    /// The same plan would fail again (schema, policy, unhealthy): tried once, remembered by plan digest.
    case permanent
    /// A newer commit, a shutdown or a suspension ended the work; nothing is wrong with the plan.
    case interrupted
}

/// An error that knows what was attempted, on what, why it failed and what to do next.
public protocol Actionable: Error, CustomStringConvertible {
    /// One line, lower case, values in 'quotes': what failed and why.
    var message: String { get }
    /// What the operator does next; one line, may be empty.
    var hint: String { get }
    var disposition: Disposition { get }
}

extension Actionable {
    public var description: String { hint.isEmpty ? message : "\(message); \(hint)" }
}
