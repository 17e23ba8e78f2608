internal import GitSource
internal import Model
internal import Planning

/// The rules on who may change what, and whether each can be met.
struct RuleChecks {
    let trust: TrustSettings
    let signers: SignerList
    /// Whom the list that counts names, where that is known.
    let listed: Set<String>?
    let places: PlanPlaces

    var checks: [HostCheck] {
        trust.commits.rules.map { rule in
            guard let fault = rule.fault(listed: listed) else { return check(of: rule) }
            return .warn(
                "rule", "\(rule.summary): \(fault), so what it is about cannot be changed",
                "mend 'trust.commits.rules', or the list of signers '\(signers.file)'")
        }
    }

    /// A misspelt place would bind nothing, and nobody would notice.
    private func check(of rule: ChangeRule) -> HostCheck {
        guard let fault = places.fault(of: rule) else { return .ok("rule", rule.summary) }
        return .warn(
            "rule", "\(rule.summary): \(fault)",
            "correct 'trust.commits.rules'; 'fairlead plan --resolved' prints the places of this host's plan")
    }
}

/// Whether the paths that the rules name are in the customer repo.
struct RulePathChecks {
    let host: HostComposition

    private var trust: TrustSettings { host.configuration.trust }

    /// None for rules that are in order. `tip` is present locally, and believed.
    func checks(of tip: CommitID) async -> [HostCheck] {
        guard trust.verifiesCommits, trust.commits.rules.contains(where: { $0.paths != nil }) else { return [] }
        do {
            let places = RepositoryPlaces(try await host.source.tree(at: tip).entries())
            return trust.commits.rules.compactMap { rule in places.fault(of: rule).map { warning(rule, $0) } }
        } catch {
            return [.fail("rule", error)]
        }
    }

    /// Which may be meant, for what is to come.
    private func warning(_ rule: ChangeRule, _ fault: String) -> HostCheck {
        .warn(
            "rule", "\(rule.summary): \(fault)",
            "correct 'trust.commits.rules', whose paths are those of 'git ls-files'; or commit what the rule is about")
    }
}
