internal import Model
internal import Planning

/// What the plans of all hosts use the secrets for.
struct SecretUses {
    /// Their names.
    let names: Set<String>
    /// Containers with data of their own that get the value, by the secret's name.
    private let keepers: [String: Set<String>]

    /// `directory`: a clone of the customer repo.
    init(in directory: String) throws {
        let resolver = PlanResolver(tree: DirectoryTree(root: directory), policy: nil)
        var names: Set<String> = []
        var keepers: [String: Set<String>] = [:]
        for host in try resolver.hosts() {
            let resolution = try resolver.resolve(host: host)
            names.formUnion(resolution.secretReferences)
            for (name, container) in resolution.plan.containers where !container.dataNames.isEmpty {
                let given = container.environment.values.flatMap(\.references) + container.secretFiles.map(\.secret)
                for secret in given { keepers[secret, default: []].insert(name) }
            }
        }
        (self.names, self.keepers) = (names, keepers)
    }

    /// A line for each secret of `rotated` whose old value may live on in data.
    func warnings(of rotated: [String]) -> [String] {
        rotated.sorted().compactMap { secret in
            guard let containers = keepers[secret]?.sorted(), !containers.isEmpty else { return nil }
            let list = containers.quoted
            return
                "warning: '\(secret)' goes into \(list), which \(containers.count == 1 ? "keeps" : "keep") data: PostgreSQL, "
                + "MySQL and others read a password only when they set their data up; change it there as well, with "
                + "'fairlead secrets get \(secret)', when the commit is deployed"
        }
    }
}
