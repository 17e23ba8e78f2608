internal import ContainerEngine
internal import Model

/// Whether containers can have user ids of their own here, before a deployment is refused for it.
struct UserNamespaceCheck {
    private static let name = "user namespaces"

    let policy: UserNamespacePolicy
    /// Containers that have one.
    let users: [String]
    /// `nil` when the engine does not answer.
    let outlook: NamespaceOutlook?

    init(policy: VSNPolicy, users: Set<String>, outlook: NamespaceOutlook?) {
        self.policy = policy.userns
        self.users = users.sorted()
        self.outlook = outlook
    }

    static func users(of plan: ResolvedPlan?) -> Set<String> {
        Set((plan?.containers ?? [:]).filter { $0.value.userns == .private }.keys)
    }

    var check: HostCheck {
        switch outlook {
        case nil: .skipped(Self.name, because: "the engine has to answer first")
        case .unknown(let reason): .skipped(Self.name, because: reason)
        case .possible(let runtime): .ok(Self.name, "\(demand), and possible here with \(runtime)")
        case .impossible(let reason, let hint) where policy == .required || !users.isEmpty:
            .fail(Self.name, "\(demand), and not possible here: \(reason)", hint)
        case .impossible(let reason, _): .ok(Self.name, "\(demand); not possible here: \(reason)")
        }
    }

    private var demand: String {
        if policy == .required { return "required by 'policy.userns'" }
        return users.isEmpty ? "not asked for" : "asked for by \(users.joined(separator: ", "))"
    }
}
