internal import Model

/// Turns the merged plan, its references replaced, into values; reports what does not fit and goes on.
///
/// What cannot be read gets a stand-in, so that later checks still see the container: with errors in the log
/// the plan never leaves the resolver.
struct PlanReader {
    let root: PlanCursor
    let host: String
    let repository: RepositoryIndex

    /// Throws what the repository throws.
    func plan() throws -> ResolvedPlan {
        var plan = ResolvedPlan(
            stack: root["stack"]?.text ?? "", version: root["version"]?.text ?? "", host: host,
            size: root["size"]?.text, registries: registries,
            network: network,
            containers: try containers(), hotfixes: hotfixes, maintenance: maintenance,
            onFailure: root["onFailure"]?.choice() ?? .containerless, drift: root["drift"]?.choice() ?? .repair,
            hostSettings: hostSettings, backup: root.section("backup").map(backup),
            replaces: root["replaces"]?.text, formerly: root["formerly"]?.text, hostKeys: hostKeys)
        readChannels(into: &plan)
        if let signers = plan.backup?.signers {
            plan.backup?.signers = try PinnedSigners(repository).naming(signers)
        }
        return plan
    }

    static func isActive(_ container: PlanCursor) -> Bool { container["active"]?.flag ?? true }

    private func containers() throws -> [String: ContainerPlan] {
        var containers: [String: ContainerPlan] = [:]
        for (name, cursor) in root["containers"]?.members ?? [] where Self.isActive(cursor) {
            containers[name] = try container(cursor)
        }
        return containers
    }

    private var network: NetworkPlan {
        let cursor = root["network"]
        // Left out where it says what is the default: no digest changes by writing it down.
        return NetworkPlan(
            subnet: cursor?["subnet"]?.text, subnets: cursor?["subnets"]?.texts,
            ipv6: cursor?["ipv6"]?.flag == true ? true : nil)
    }

    private var registries: [String: RegistryLogin] {
        let logins = (root["registries"]?.members ?? []).map { name, login in
            (name, RegistryLogin(username: login["username"].secretText, password: login["password"].secretText))
        }
        return Dictionary(uniqueKeysWithValues: logins)
    }

    private var hotfixes: [String: ImageReference] {
        let references = (root["hotfixes"]?.members ?? []).compactMap { name, cursor in
            imageReference(cursor).map { (name, $0) }
        }
        return Dictionary(uniqueKeysWithValues: references)
    }
}

extension PlanCursor {
    func choice<Choice: RawRepresentable<String>>(_ type: Choice.Type = Choice.self) -> Choice? {
        guard let text, let choice = Choice(rawValue: text) else {
            log.mismatch("one of the allowed words", at: pointer)
            return nil
        }
        return choice
    }

    var texts: [String] { elements.map { $0.text ?? "" } }
}

extension PlanCursor? {
    var secretText: SecretText { SecretText(source: self?.text ?? "") }
}
