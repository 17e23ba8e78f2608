import Testing

/// Fields of a container, and the problems that they are.
struct ProblemCase: Sendable, CustomTestStringConvertible {
    let fields: String
    let problems: [String]

    init(_ fields: String, _ problems: String...) {
        self.fields = fields
        self.problems = problems
    }

    /// The first.
    var problem: String { problems.first ?? "" }

    var testDescription: String { fields }
}
