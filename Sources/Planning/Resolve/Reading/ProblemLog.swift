internal import Model

/// The problems of one host's plan, each placed where its value was written.
///
/// A reference type that lives during one resolution only, so that readers and checks need not hand it around.
final class ProblemLog {
    private(set) var problems: [PlanProblem] = []
    private let layers: PlanLayers
    /// Pointers of the merged plan about which an error says enough: what follows from it is not said.
    private var settled: Set<String> = []
    private var known: Set<PlanProblem> = []

    init(layers: PlanLayers) { self.layers = layers }

    func error(_ message: String, at pointer: String, hint: String) {
        guard !settled.contains(pointer) else { return }
        add(.error, message, at: pointer, hint: hint)
    }

    func warning(_ message: String, at pointer: String, hint: String) {
        add(.warning, message, at: pointer, hint: hint)
    }

    /// A value of a type that the schema does not allow: said only where the schema had no objection at all.
    func mismatch(_ expected: String, at pointer: String) {
        guard settled.isEmpty else { return }
        let name = JSONPointer.parts(of: pointer).last ?? ""
        add(.error, "'\(name)' must be \(expected)", at: pointer, hint: "see the plan reference")
    }

    /// Problems of one file by itself, placed already.
    func add(written found: [PlanProblem]) {
        settled.formUnion(found.map(\.pointer))
        for problem in found { insert(problem) }
    }

    /// Of a file as a whole.
    func add(omission problem: PlanProblem) { insert(problem) }

    /// Problems of the merged plan that were found elsewhere.
    func add(_ found: [PlanProblem], fromSchema: Bool = false) {
        for problem in found {
            if fromSchema { settled.insert(problem.pointer) }
            add(problem.severity, problem.message, at: problem.pointer, hint: problem.hint)
        }
    }

    /// A reference that cannot be replaced; what becomes of the text is of no interest then.
    func refuseReference(_ message: String, at pointer: String, hint: String) {
        add(.error, message, at: pointer, hint: hint)
        settled.insert(pointer)
    }

    func refuseSecret(_ reference: String, at pointer: String) {
        refuseReference(
            "'${\(reference)}' is not allowed here", at: pointer,
            hint: "secrets are allowed in 'environment', 'secretFiles', and registry and mail credentials")
    }

    func refuseUnclosedReference(at pointer: String) {
        refuseReference("'${' is not closed", at: pointer, hint: "add '}', or write '$${' for a literal '${'")
    }

    private func add(_ severity: PlanProblem.Severity, _ message: String, at pointer: String, hint: String) {
        let place = layers.place(of: pointer)
        insert(
            PlanProblem(
                severity: severity, file: place.file, line: place.line, pointer: place.pointer, message: message,
                hint: hint))
    }

    private func insert(_ problem: PlanProblem) {
        var shown = problem
        shown.pointer = problem.pointer.withoutControls
        shown.message = problem.message.withoutControls
        shown.hint = problem.hint.withoutControls
        if known.insert(shown).inserted { problems.append(shown) }
    }
}

extension String {
    /// Control characters of a plan must not reach a terminal or a log: each becomes `?`.
    fileprivate var withoutControls: String {
        guard hasControlCharacters else { return self }
        return String(
            String.UnicodeScalarView(
                unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
    }
}
