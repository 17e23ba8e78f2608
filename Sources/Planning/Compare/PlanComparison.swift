public import Model

/// What differs between two states, in words.
///
/// Both are encoded and compared key by key, so no difference can be missed: a key that has no words of its own is
/// shown with its path and both values. Values of secrets never appear, since plans do not hold them.
public enum PlanComparison {
    /// Stack first, then containers, then secrets, each by name. Empty exactly when the states are equal.
    ///
    /// From nothing, every container and every setting of the host is added.
    public static func changes(from old: DesiredState?, to new: DesiredState) -> [PlanChange] {
        located(from: old, to: new).map(\.change)
    }

    /// Which of the changes from `old` to `new`, by their places in that list, are still to be made at `state`.
    public static func open(at state: DesiredState, of old: DesiredState?, to new: DesiredState) -> Set<Int> {
        let left = located(from: state, to: new)
        let wanted = located(from: old, to: new).enumerated()
        return Set(wanted.filter { change in left.contains { $0.covers(change.element) } }.map(\.offset))
    }

    private static func located(from old: DesiredState?, to new: DesiredState) -> [LocatedChange] {
        guard let old else { return installation(of: new.plan) }
        guard old != new else { return [] }
        let changes =
            stackChanges(from: old.plan, to: new.plan) + containerChanges(from: old.plan, to: new.plan)
            + secretChanges(from: old.secretDigests, to: new.secretDigests)
        // Never silent: an empty list would read as "nothing to deploy".
        return changes.isEmpty ? [FieldChange.altered("plan").about("stack")] : changes
    }

    /// The containers to replace where that is not the whole stack, because the states differ only in hotfixes and in
    /// what concerns no container; `nil` when they are equal, or differ in more.
    public static func replacedContainers(from old: DesiredState?, to new: DesiredState) -> Set<String>? {
        guard let old, old != new else { return nil }
        return Replacement.containers(from: old, to: new)
    }

    private static func installation(of plan: ResolvedPlan) -> [LocatedChange] {
        HostWords.changes(from: nil, to: plan.hostSettings).map { $0.about("stack") }
            + plan.containers.keys.sorted().map { .container($0, .added) }
    }

    private static func stackChanges(from old: ResolvedPlan, to new: ResolvedPlan) -> [LocatedChange] {
        FieldComparison(
            old: old.withoutContainers, new: new.withoutContainers, first: ["version", "stack", "host", "size"],
            left: ["containers", "hotfixes"]
        )
        .changes { StackWords.changes(of: $0, from: old, to: new) }
        .map { $0.about("stack") }
    }

    private static func containerChanges(from old: ResolvedPlan, to new: ResolvedPlan) -> [LocatedChange] {
        let names = Set(old.containers.keys).union(new.containers.keys)
            .union(old.hotfixes.keys).union(new.hotfixes.keys)
        return names.sorted().flatMap { name -> [LocatedChange] in
            switch (old.containers[name], new.containers[name]) {
            case (nil, .some): [.container(name, .added)]
            case (.some, nil): [.container(name, .removed)]
            case (let before, let after):
                fieldChanges(from: before, to: after).map { $0.about(name) }
                    + ImageWords.hotfixChanges(from: old, to: new, container: name).map { $0.about(name) }
            }
        }
    }

    private static func fieldChanges(from old: ContainerPlan?, to new: ContainerPlan?) -> [FieldChange] {
        // To encode both is dear, and most containers are as they were.
        guard let old, let new, old != new else { return [] }
        return FieldComparison(old: old, new: new, first: ["image"]).changes {
            ContainerWords.changes(of: $0, from: old, to: new)
        }
    }

    private static func secretChanges(from old: [String: String], to new: [String: String]) -> [LocatedChange] {
        Set(old.keys).union(new.keys).sorted().compactMap { name in
            switch (old[name], new[name]) {
            case (nil, _): .secret(name, .added)
            case (_, nil): .secret(name, .removed)
            case (let before, let after): before == after ? nil : .secret(name, .changed)
            }
        }
    }
}

extension ResolvedPlan {
    fileprivate var withoutContainers: Self {
        var plan = self
        plan.containers = [:]
        plan.hotfixes = [:]
        return plan
    }
}

extension LocatedChange {
    fileprivate static func container(_ name: String, _ kind: PlanChange.Kind) -> Self {
        Self(field: nil, change: PlanChange(subject: name, kind: kind, text: "container \(kind.rawValue)"))
    }

    fileprivate static func secret(_ name: String, _ kind: PlanChange.Kind) -> Self {
        Self(field: nil, change: PlanChange(subject: "secret '\(name)'", kind: kind, text: kind.rawValue))
    }
}

extension PlanChange: CustomStringConvertible {
    /// `web: image 3.43.1 -> 3.43.2`, `secret 'mail' changed`.
    public var description: String {
        subject.hasPrefix("secret '") ? "\(subject) \(text)" : "\(subject): \(text)"
    }
}
