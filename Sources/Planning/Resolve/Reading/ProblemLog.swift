/// The problems of one host's plan, each placed where its value was written.
///
/// A reference type that lives during one resolution only, so that readers and checks need not hand it around.
final class ProblemLog {
    private(set) var problems: [PlanProblem] = []
    private let layers: PlanLayers
    /// Pointers of the merged plan about which the schema said something already.
    private var shapeErrors: Set<String> = []

    init(layers: PlanLayers) { self.layers = layers }

    var hasErrors: Bool { problems.contains { $0.severity == .error } }

    func error(_ message: String, at pointer: String, hint: String) {
        // The schema's word on the same value comes first and says the same.
        guard !shapeErrors.contains(pointer) else { return }
        add(.error, message, at: pointer, hint: hint)
    }

    func warning(_ message: String, at pointer: String, hint: String) {
        add(.warning, message, at: pointer, hint: hint)
    }

    /// A value of a type that the schema does not allow: said only where the schema had no objection at all.
    func mismatch(_ expected: String, at pointer: String) {
        guard shapeErrors.isEmpty else { return }
        let name = JSONPointer.parts(of: pointer).last ?? ""
        add(.error, "'\(name)' must be \(expected)", at: pointer, hint: "see the plan reference")
    }

    /// Problems of one file by itself, placed already.
    func add(written found: [PlanProblem]) {
        shapeErrors.formUnion(found.map(\.pointer))
        problems += found
    }

    /// Problems of the merged plan that were found elsewhere.
    func add(_ found: [PlanProblem], fromSchema: Bool = false) {
        for problem in found {
            if fromSchema { shapeErrors.insert(problem.pointer) }
            add(problem.severity, problem.message, at: problem.pointer, hint: problem.hint)
        }
    }

    func refuseSecret(_ reference: String, at pointer: String) {
        error(
            "'${\(reference)}' is not allowed here", at: pointer,
            hint: "secrets are allowed in 'environment', 'secretFiles', and registry and mail credentials")
    }

    func refuseUnclosedReference(at pointer: String) {
        error("'${' is not closed", at: pointer, hint: "add '}', or write '$${' for a literal '${'")
    }

    private func add(_ severity: PlanProblem.Severity, _ message: String, at pointer: String, hint: String) {
        let place = layers.place(of: pointer)
        let problem = PlanProblem(
            severity: severity, file: place.file, line: place.line, pointer: place.pointer, message: message, hint: hint
        )
        if !problems.contains(problem) { problems.append(problem) }
    }
}

extension String {
    /// Control characters of a plan must not reach a terminal or a log: each becomes `?`.
    fileprivate var printable: String {
        guard hasControlCharacters else { return self }
        return String(
            String.UnicodeScalarView(
                unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
    }
}
