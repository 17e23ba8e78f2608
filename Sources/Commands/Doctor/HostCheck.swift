internal import Model

/// One thing that `fairlead doctor` looked at.
struct HostCheck: Codable, Hashable, Sendable {
    enum Status: String, Codable, Sendable {
        case ok
        /// It works, but will or may not for ever.
        case warn
        case fail
        /// Could not be looked at, because something else fails.
        case skipped
    }

    var name: String
    var status: Status
    /// What was found.
    var found: String
    /// What to do about it, a line each; none when it is well.
    var advice: [String]

    static func ok(_ name: String, _ found: String) -> Self {
        Self(name: name, status: .ok, found: found, advice: [])
    }

    static func warn(_ name: String, _ found: String, _ advice: String...) -> Self {
        Self(name: name, status: .warn, found: found, advice: advice)
    }

    static func fail(_ name: String, _ found: String, _ advice: String...) -> Self {
        Self(name: name, status: .fail, found: found, advice: advice.filter { !$0.isEmpty })
    }

    static func fail(_ name: String, _ error: any Error) -> Self {
        if let problems = error as? PlanProblems {
            return Self(
                name: name, status: .fail, found: problems.problems.count.counted("problem"),
                advice: problems.problems.map(\.description))
        }
        guard let error = error as? any Actionable else { return .fail(name, "\(error)") }
        return .fail(name, error.message, error.hint)
    }

    static func skipped(_ name: String, because reason: String) -> Self {
        Self(name: name, status: .skipped, found: reason, advice: [])
    }
}
