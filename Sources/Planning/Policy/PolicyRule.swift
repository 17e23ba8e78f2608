internal import Model

/// What the policy of a VSN says of some keys of a plan.
struct PolicyRule: Sendable {
    /// Those on which this is the verdict, as `PlanKey` writes them: a key that reaches beyond the containers must be in a rule.
    let keys: [String]
    /// What `policy` does not allow of the plan; pointers are those of the merged plan.
    let problems: @Sendable (_ policy: VSNPolicy, _ plan: ResolvedPlan) -> [PlanProblem]

    static let all = [
        registries, archives, builds, hostPaths, privileged, userNamespaces, capabilities, ports, subnet, hostSettings,
        sysctl, logs, channels, backupDirectories, storages, remotes, mounts,
    ]
}

extension PolicyRule {
    /// A rule about each container by itself, and about those of its keys that reach beyond it; `at` is its pointer.
    static func ofContainers(
        _ keys: String...,
        problems: @escaping @Sendable (_ policy: VSNPolicy, _ container: ContainerPlan, _ at: String) -> [PlanProblem]
    ) -> Self {
        Self(keys: keys.map { "/containers/*/\($0)" }) { policy, plan in
            plan.containers.sorted { $0.key < $1.key }.flatMap { name, container in
                problems(policy, container, JSONPointer.child(name, of: "/containers"))
            }
        }
    }
}
