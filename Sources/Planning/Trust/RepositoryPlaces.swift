public import Model

/// The files of a customer repo that a rule can name.
public struct RepositoryPlaces: Sendable {
    private let files: [String]

    public init(_ entries: [SourceEntry]) { files = entries.map(\.path) }

    /// Of the paths that `rule` names, those at which the repo has nothing, for people; `nil` when there is none.
    public func fault(of rule: ChangeRule) -> String? {
        let missing = (rule.paths ?? []).filter { !has($0) && !mayCome($0) }.map { pattern in
            // Nobody who names a file means all of its directory.
            let others = CustomerRepository.usedAtRoot.union(files).filter { !pattern.isBelow($0) }
            let meant = Suggestion.closest(to: pattern, among: others)
            return "nothing in the repo is at '\(pattern)'" + (meant.map { "; did you mean '\($0)'?" } ?? "")
        }
        return missing.isEmpty ? nil : missing.joined(separator: "; ")
    }

    private func has(_ pattern: String) -> Bool {
        let pattern = PathPattern(pattern)
        return files.contains { pattern.covers($0) }
    }

    /// Whether it is about what a host looks at once it is there, or may be anywhere.
    private func mayCome(_ pattern: String) -> Bool {
        let parts = pattern.pathParts.filter { !$0.isEmpty }
        guard let first = parts.first, !Self.hasWildcard(first) else { return true }
        return CustomerRepository.usedAtRoot.contains(first) && (parts.count == 1 || Self.hasWildcard(pattern))
    }

    private static func hasWildcard(_ text: String) -> Bool { text.contains { "*?[".contains($0) } }
}
