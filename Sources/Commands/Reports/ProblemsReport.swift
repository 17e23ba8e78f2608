internal import Model

/// What is wrong with a customer repo.
struct ProblemsReport: Report {
    var directory: String
    /// The hosts that were looked at.
    var hosts: [String]
    /// What they say of themselves, where it was asked.
    var images: [ImageReport]?
    /// Sorted by file and line.
    var problems: [PlanProblem]

    var errors: Int { problems.count { $0.severity == .error } }

    func lines(_ style: TextStyle) -> [String] {
        let seen = (images ?? []).flatMap { $0.lines(style) }
        return seen + problems.map { $0.line(style) } + [summary(style)]
    }

    private func summary(_ style: TextStyle) -> String {
        let counts = [(errors, "error"), (problems.count - errors, "warning")].filter { $0.0 > 0 }
            .map { $0.counted($1) }.joined(separator: ", ")
        if errors > 0 { return style.bad(counts) }
        let names = hosts.joined(separator: ", ")
        return style.good("the plan is valid for \(names)") + (counts.isEmpty ? "" : ", \(counts)")
    }
}

extension PlanProblem {
    func line(_ style: TextStyle) -> String {
        let text = description.printable
        return severity == .error ? style.bad(text) : style.warning(text)
    }
}
