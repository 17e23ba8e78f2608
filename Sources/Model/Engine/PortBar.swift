/// What in the rules of the host's firewall keeps users from a container.
public enum PortBar: Hashable, Sendable {
    /// No rule leads what arrives to it.
    case nowhere
    /// A rule leads it there instead.
    case elsewhere(String)
    /// It is led to the container and not let through; by what, as `by rule '-A FORWARD -j DROP'`.
    case closed(String)
    /// This host passes nothing on for others, by which kernel parameter; engines set it with each network that they set up.
    case still(String)

    var text: String {
        switch self {
        case .nowhere: "no rule of the host's firewall leads what arrives to the container"
        case .elsewhere(let place): "a rule of the host's firewall leads what arrives to \(place), not to the container"
        case .closed(let words): "the host's firewall shuts users out \(words)"
        case .still(let parameter): "this host forwards nothing to containers: its kernel parameter '\(parameter)' is 0"
        }
    }
}
