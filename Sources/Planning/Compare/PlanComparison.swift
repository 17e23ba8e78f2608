/// What differs between two states, in words.
///
/// Both are encoded and compared key by key, so no difference can be missed: a key that has no words of its own is
/// shown with its path and both values. Values of secrets never appear, since plans do not hold them.
public enum PlanComparison {
    /// Stack first, then containers, then secrets, each by name. Empty exactly when the states are equal.
    ///
    /// From nothing, every container and every setting of the host is added.
    public static func changes(from old: DesiredState?, to new: DesiredState) -> [PlanChange] {
        guard let old else { return installation(of: new.plan) }
        guard old != new else { return [] }
        let changes =
            stackChanges(from: old.plan, to: new.plan) + containerChanges(from: old.plan, to: new.plan)
            + secretChanges(from: old.secretDigests, to: new.secretDigests)
        // Never silent: an empty list would read as "nothing to deploy".
        return changes.isEmpty ? [PlanChange(subject: "stack", kind: .changed, text: "plan changed")] : changes
    }

    /// The containers to replace where that is not the whole stack, because the states differ only in hotfixes and in
    /// what concerns no container; `nil` when they are equal, or differ in more.
    public static func replacedContainers(from old: DesiredState?, to new: DesiredState) -> Set<String>? {
        guard let old, old != new else { return nil }
        return Replacement.containers(from: old, to: new)
    }

    private static func installation(of plan: ResolvedPlan) -> [PlanChange] {
        HostWords.changes(from: nil, to: plan.hostSettings).map { $0.about("stack") }
            + plan.containers.keys.sorted().map { .containerAdded($0) }
    }

    private static func stackChanges(from old: ResolvedPlan, to new: ResolvedPlan) -> [PlanChange] {
        FieldComparison(
            old: old, new: new, first: ["version", "stack", "host", "size"], left: ["containers", "hotfixes"]
        )
        .changes { StackWords.changes(of: $0, from: old, to: new) }
        .map { $0.about("stack") }
    }

    private static func containerChanges(from old: ResolvedPlan, to new: ResolvedPlan) -> [PlanChange] {
        let names = Set(old.containers.keys).union(new.containers.keys)
            .union(old.hotfixes.keys).union(new.hotfixes.keys)
        return names.sorted().flatMap { name -> [PlanChange] in
            switch (old.containers[name], new.containers[name]) {
            case (nil, .some): [.containerAdded(name)]
            case (.some, nil): [.containerRemoved(name)]
            case (let before, let after):
                fieldChanges(from: before, to: after).map { $0.about(name) }
                    + ImageWords.hotfixChanges(from: old, to: new, container: name).map { $0.about(name) }
            }
        }
    }

    private static func fieldChanges(from old: ContainerPlan?, to new: ContainerPlan?) -> [FieldChange] {
        guard let old, let new else { return [] }
        return FieldComparison(old: old, new: new, first: ["image"]).changes {
            ContainerWords.changes(of: $0, from: old, to: new)
        }
    }

    private static func secretChanges(from old: [String: String], to new: [String: String]) -> [PlanChange] {
        Set(old.keys).union(new.keys).sorted().compactMap { name in
            switch (old[name], new[name]) {
            case (nil, _): PlanChange(subject: "secret '\(name)'", kind: .added, text: "added")
            case (_, nil): PlanChange(subject: "secret '\(name)'", kind: .removed, text: "removed")
            case (let before, let after):
                before == after ? nil : PlanChange(subject: "secret '\(name)'", kind: .changed, text: "changed")
            }
        }
    }
}

extension PlanChange {
    fileprivate static func containerAdded(_ name: String) -> Self {
        Self(subject: name, kind: .added, text: "container added")
    }

    fileprivate static func containerRemoved(_ name: String) -> Self {
        Self(subject: name, kind: .removed, text: "container removed")
    }
}

extension PlanChange: CustomStringConvertible {
    /// `web: image 3.43.1 -> 3.43.2`, `secret 'mail' changed`.
    public var description: String {
        subject.hasPrefix("secret '") ? "\(subject) \(text)" : "\(subject): \(text)"
    }
}
