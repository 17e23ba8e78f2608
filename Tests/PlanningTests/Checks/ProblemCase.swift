import Testing

/// Fields of a container, and the problem that they are.
struct ProblemCase: Sendable, CustomTestStringConvertible {
    let fields: String
    let problem: String

    init(_ fields: String, _ problem: String) {
        self.fields = fields
        self.problem = problem
    }

    var testDescription: String { fields }
}
