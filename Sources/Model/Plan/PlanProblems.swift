/// Everything that is wrong with the files of one plan.
public struct PlanProblems: Actionable {
    /// Sorted by file and line.
    public var problems: [PlanProblem]

    public init(_ problems: [PlanProblem]) { self.problems = problems.sorted() }

    public var message: String {
        guard let first = problems.first else { return "the plan has no problems" }
        return problems.count == 1 ? "\(first)" : "\(problems.count) problems, the first: \(first)"
    }
    public var hint: String { "" }
    public var disposition: Disposition { .permanent }

    /// All problems, one a line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
