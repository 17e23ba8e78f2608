/// A published port that leads nobody who comes to the host to the program inside.
public struct PortFault: Hashable, Sendable {
    public enum Cause: Hashable, Sendable {
        /// The host does not lead to the container.
        case rule
        /// Nothing listens in the container.
        case nobody
        /// There is no answer, on the host's port nor inside.
        case silence
        /// The host itself does not reach the container.
        case way
        /// The host is led to the container, and whoever comes from outside is not: the rules of its firewall say so.
        case barred(PortBar)

        /// From what comes of a connection to the host's port and of one to the container itself, as far as that is known;
        /// `nil` where nothing is wrong, or cannot be told.
        public init?(host: PortAnswer, inside: PortAnswer?) {
            switch (host, inside) {
            case (.taken, _), (.unknown, _): return nil
            case (.barred(let bar), _): self = .barred(bar)
            case (_, .unreached?): self = .way
            case (.untaken, _), (_, .taken?): self = .rule
            case (_, nil), (_, .unknown?): return nil
            case (_, .refused?): self = .nobody
            case (_, .silent?), (_, .untaken?), (_, .barred?): self = .silence
            }
        }

        /// Whether the host is at fault, and not the program inside.
        public var isOfHost: Bool { self != .nobody && self != .silence }

        /// Whether rules may be at fault that the engine writes, which can write them again.
        public var isRenewable: Bool {
            if case .barred(.closed) = self { false } else { isOfHost }
        }

        /// Whether one of them stands for both; the firewalls of IPv4 and IPv6 have rules of their own.
        public func isLike(_ other: Self) -> Bool {
            if case (.barred(.closed), .barred(.closed)) = (self, other) { true } else { self == other }
        }
    }

    /// Its name in the plan.
    public let container: String
    public let mapping: PortMapping
    public let cause: Cause
    /// By which it does not answer, where it does by the other one; `nil` where that makes no difference.
    public let family: AddressFamily?

    public init(container: String, mapping: PortMapping, cause: Cause, family: AddressFamily? = nil) {
        self.container = container
        self.mapping = mapping
        self.cause = cause
        self.family = family
    }

    /// Whether users come to it all the same, by the other family.
    public var isPartial: Bool { family != nil }

    /// Whether a container is stopped for it: not while users come to it, nor for rules that were looked at, and nothing asked.
    public var isWorthAStop: Bool {
        if case .barred = cause { false } else { !isPartial && mapping.transport == .tcp }
    }

    /// Without the container: `port '80:8080' is dead: …`.
    public var text: String {
        let way = family.map { " by \($0.rawValue)" } ?? ""
        return switch cause {
        case .rule: "port '\(mapping)' is dead\(way): what arrives at the host's port is not led to the container"
        case .nobody: "port '\(mapping)' does not answer\(way): nothing listens inside on \(mapping.containerPort)"
        case .silence: "port '\(mapping)' does not answer\(way), and \(mapping.containerPort) inside does not either"
        case .way: "port '\(mapping)' is dead\(way): this host does not reach the container"
        case .barred(let bar): "port '\(mapping)' is dead\(way): \(bar.text)"
        }
    }

    /// A next step.
    public var advice: String {
        switch cause {
        case .rule:
            "look at the host's firewall ('nft list ruleset', 'iptables-save') and at what reloads it; "
                + "'podman network reload --all' writes the engine's rules anew"
        case .nobody:
            "let the program listen on port \(mapping.containerPort) of every address\(every), correct the port mapping, or "
                + "write '\(mapping) unchecked' where nothing has to listen"
        case .silence: "look at the container's log and at what its program waits for"
        case .way:
            "'ip address' and 'ip route' show the bridge of the stack's network, which should be up, and lead there"
        case .barred(.closed):
            "let the host's firewall accept what is forwarded to port \(mapping.containerPort) of containers, or write "
                + "'\(mapping) unchecked' where nobody comes from outside"
        case .barred(.still(let parameter)):
            "'sysctl -w \(parameter)=1' turns it on; look for what set it to 0: a line of "
                + "/etc/sysctl.conf, /etc/sysctl.d or /usr/lib/sysctl.d, or a program"
        case .barred:
            "look at the host's firewall ('nft list ruleset', 'iptables-save') and at what reloads it; 'podman network "
                + "reload --all' writes the engine's rules anew; '\(mapping) unchecked' where nobody comes from outside"
        }
    }

    /// How a program listens by the family that it lacks, and how the other one is published alone.
    private var every: String {
        switch family {
        case .ipv6: ", '::' too, publish it by IPv4 only ('0.0.0.0:\(mapping.hostPort):\(mapping.containerPort)')"
        case .ipv4: ", '0.0.0.0' too"
        case nil: ""
        }
    }
}

extension ContainerPlan {
    /// The published ports that are asked from the host; of UDP, to which nothing need answer, the rules are looked at.
    public var askedPorts: [PortMapping] { ports.filter { $0.transport != .sctp && !$0.isUnchecked } }
}
