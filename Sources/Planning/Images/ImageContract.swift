internal import Model

/// What an image asks of whoever runs it: its label `io.fairlead.KEY` holds the JSON of a plan's `containers.NAME.KEY`.
///
/// Written by whoever made the image. No key is among them that reaches further than the container.
struct ImageContract: Hashable, Sendable {
    /// Of one label, in bytes.
    static let longest = 64 << 10

    /// With a check that is `off` where a label says that there is meant to be none.
    private(set) var health: HealthPlan?
    private(set) var liveness: LivenessPlan?
    /// What of it cannot be followed, each as of a file `label io.fairlead.KEY`.
    private(set) var problems: [PlanProblem] = []

    /// Reads of `labels` what `container` leaves open: a key of the plan takes the place of the whole label.
    init(_ labels: [String: String], for container: ContainerPlan) {
        for key in ImageLabel.Key.allCases where container.leavesOpen(key) {
            guard let text = labels[key.label] else { continue }
            do {
                let found = try read(key, text)
                problems += found.filter { $0.severity == .error }
            } catch {
                problems += error.problems.map(\.ofLabel)
            }
        }
    }

    private mutating func read(_ key: ImageLabel.Key, _ text: String) throws(PlanProblems) -> [PlanProblem] {
        let file = "label \(key.label)"
        guard text.utf8.count <= Self.longest else {
            throw PlanProblems([PlanProblem(file: file, message: "is longer than 64 KiB", hint: "shorten it")])
        }
        let document = try JSONDocument(file: file, bytes: Array(text.utf8))
        let log = ProblemLog(layers: PlanLayers(plan: document))
        log.add(key.schema.problems(of: document), fromSchema: true)
        let cursor = PlanCursor(value: document.value, pointer: "", log: log)
        cursor.checkTexts(path: ["containers", "", key.rawValue])
        switch key {
        case .health:
            let said = cursor.health()
            if said.check != .off { log.check(said, at: "") }
            health = said.bounded
        case .liveness: liveness = cursor.liveness().bounded
        }
        return log.problems.map(\.ofLabel)
    }
}

extension ImageLabel.Key {
    private static let healthSchema = JSONSchema.part("health")
    private static let livenessSchema = JSONSchema.part("liveness")

    /// The same that the plan's key has.
    fileprivate var schema: JSONSchema {
        switch self {
        case .health: Self.healthSchema
        case .liveness: Self.livenessSchema
        }
    }
}

extension PlanProblem {
    /// A label is a line as a rule: where in it something stands, its pointer says.
    fileprivate var ofLabel: PlanProblem {
        var problem = self
        if !pointer.isEmpty || column == nil { (problem.line, problem.column) = (nil, nil) }
        return problem
    }
}
