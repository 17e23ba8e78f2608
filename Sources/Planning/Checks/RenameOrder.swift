internal import Model

/// How data directories are renamed of which one gets the name that another one has: a plan tells one renaming of each only, so
/// that each needs a commit, deployed before the next.
struct RenameOrder {
    /// By the name that they have now.
    private let former: [String: String]

    init(of plan: ResolvedPlan) {
        let volumes = plan.containers.values.flatMap(\.volumes)
        former = Dictionary(
            volumes.compactMap { volume -> (String, String)? in
                guard case .data(let name) = volume.source, let former = volume.formerly else { return nil }
                return (name, former)
            }, uniquingKeysWith: { min($0, $1) })
    }

    /// What to do where `old`, which is to become `new`, is a name that the plan still has.
    func hint(from old: String, to new: String) -> String {
        let steps =
            isCircle(from: old, to: new)
            ? "first '\(old)' to a name that nothing has, such as '\(old)-tmp', then what becomes '\(old)', and "
                + "'\(old)-tmp' to '\(new)' last"
            : "first '\(old)' to '\(new)', then what becomes '\(old)'"
        return "rename in commits that are each deployed before the next: \(steps); or remove 'formerly'"
    }

    /// Whether none of them could be the first.
    private func isCircle(from old: String, to new: String) -> Bool {
        var seen: Set<String> = []
        var name = old
        while let next = former[name], seen.insert(name).inserted {
            if next == new { return true }
            name = next
        }
        return false
    }
}
