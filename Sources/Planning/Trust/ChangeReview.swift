public import Model

/// What of a tip may be changed by certain persons only, and who has signed it.
public struct ChangeReview: Hashable, Sendable {
    /// A rule that the changes touch.
    public struct Demand: Hashable, Sendable {
        public var rule: ChangeRule
        /// One of what it is about and is changed.
        public var example: String
    }

    public var demands: [Demand]
    /// The tags on the tip; empty where none was needed.
    public var approvals: [ApprovalFinding] = []
    /// Why the tip has no plan: no signature makes one of it.
    public var planFault: String?

    public init(_ changes: ChangeSet, rules: [ChangeRule]) {
        planFault = changes.planFault
        demands = rules.compactMap { rule in rule.example(in: changes).map { Demand(rule: rule, example: $0) } }
    }

    /// The first rule that is not met by `signer`, who signed the tip, and the approvals; `nil` when all are.
    public func shortfall(_ signer: CommitSigner?) -> ReviewShortfall? {
        let persons = persons(signer)
        for demand in demands {
            let counted = persons.filter { $0.contains(where: demand.rule.admits) }
            guard counted.count < demand.rule.needed else { continue }
            let signed = counted.compactMap { $0.first(where: demand.rule.admits)?.person }
            return ReviewShortfall(
                demand: demand, signed: signed, everybody: persons.compactMap(\.first?.person),
                others: demand.rule.persons?.filter { !signed.contains($0) },
                faults: approvals.compactMap(\.fault), planFault: planFault)
        }
        return nil
    }

    /// Who approved it beside `signer`, each person once.
    public func approvers(beside signer: CommitSigner?) -> [CommitSigner] {
        Array(persons(signer).compactMap(\.first).dropFirst(signer == nil ? 0 : 1))
    }

    private func persons(_ signer: CommitSigner?) -> [[CommitSigner]] {
        CommitSigner.persons(([signer] + approvals.map(\.signer)).compactMap(\.self))
    }
}

/// Not enough of the persons who may make a change have signed it.
public struct ReviewShortfall: Hashable, Sendable {
    public var demand: ChangeReview.Demand
    /// Those who count for the rule.
    public var signed: [String]
    /// All who signed.
    public var everybody: [String]
    /// Who still may; `nil`: everybody else on the list.
    public var others: [String]?
    /// Why tags do not count.
    public var faults: [String]
    /// Why there is no plan of which could be said what changes.
    public var planFault: String?

    /// In words that follow the commit.
    public var words: String {
        // Whoever signs it as well brings it no further.
        if let planFault { return "has no plan that could be deployed: \(ForeignText(planFault, limit: 500))" }
        let rule = demand.rule
        let what = "changes '\(demand.example)', for which the rule on \(rule.words) wants \(Self.counted(rule.needed))"
        let who = rule.persons.map { " of \($0.joined(separator: ", "))" } ?? ""
        let signers = everybody.isEmpty ? "nobody signed" : "signed by \(everybody.joined(separator: ", "))"
        let may = others.map { $0.isEmpty ? "nobody else may" : "\($0.joined(separator: ", ")) still may" }
        let faults = faults.prefix(3).map { "; an approval does not count: \($0)" }.joined()
        return "\(what)\(who): \(signers), of whom \(signed.count) count; "
            + (may ?? "everybody else on the list of signers still may") + faults
    }

    private static func counted(_ count: Int) -> String { count == 1 ? "1 person" : "\(count) persons" }
}

extension ChangeRule {
    /// The first of `changes`, in the order of their names, that it is about; `nil` when none is.
    func example(in changes: ChangeSet) -> String? {
        let pointers = (plan ?? []).map(PlanPattern.init)
        if let pointer = changes.pointers.sorted().first(where: { text in pointers.contains { $0.covers(text) } }) {
            return pointer
        }
        let patterns = (paths ?? []).map(PathPattern.init)
        return changes.paths.sorted().first { path in patterns.contains { $0.covers(path) } }
    }
}
