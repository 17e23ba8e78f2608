internal import Model

/// A schema twice: compiled for the verdict, and parsed for the words.
struct SchemaContent: Sendable {
    /// A file with more problems than this is no plan; the rest is only counted.
    static let mostProblems = 200

    let document: JSONDocument
    let compiled: CompiledSchema

    init(_ bytes: [UInt8]) throws(UnusableSchema) {
        do {
            document = try JSONDocument(file: "schema", bytes: bytes)
        } catch {
            throw UnusableSchema(reason: error.message)
        }
        compiled = try CompiledSchema(bytes)
    }

    func problems(of value: JSONValue, in document: JSONDocument) -> [PlanProblem] {
        let problems = Set(findings(of: value)).map { finding in
            PlanProblem(
                file: document.file, line: document.position(of: finding.pointer)?.line, pointer: finding.pointer,
                message: finding.message, hint: finding.hint)
        }.sorted()
        guard problems.count > Self.mostProblems else { return problems }
        let rest = "\(problems.count - Self.mostProblems) more problems"
        return problems.prefix(Self.mostProblems) + [
            PlanProblem(file: document.file, line: problems.last?.line, message: rest)
        ]
    }

    /// None exactly if valijson accepts the value and saw all of it.
    private func findings(of value: JSONValue) -> [SchemaFinding] {
        let worded = SchemaWalk(root: self.document.value).findings(value)
        guard !compiled.accepts(value) else { return worded.filter { $0.kind == .overlong } }
        guard worded.isEmpty else { return worded }
        return compiled.rawErrors(of: value).map { SchemaFinding(pointer: $0.pointer, message: $0.words) }
    }
}
