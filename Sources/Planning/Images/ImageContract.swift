/// What an image asks of whoever runs it: its label `io.fairlead.KEY` holds the JSON of a plan's `containers.NAME.KEY`.
///
/// Written by whoever made the image. No key is among them that reaches further than the container.
struct ImageContract: Hashable, Sendable {
    enum Key: String, CaseIterable, Sendable {
        case health, liveness

        var label: String { ImageLabel.prefix + rawValue }
    }

    /// Of one label, in bytes.
    static let longest = 64 << 10

    /// With a check that is `off` where a label says that there is meant to be none.
    private(set) var health: HealthPlan?
    private(set) var liveness: LivenessPlan?
    /// What of it cannot be followed, each as of a file `label io.fairlead.KEY`.
    private(set) var problems: [PlanProblem] = []

    /// Reads of `labels` what `container` leaves open: a key of the plan takes the place of the whole label.
    init(_ labels: [String: String], for container: ContainerPlan) {
        for key in Key.allCases where container.leavesOpen(key) {
            guard let text = labels[key.label] else { continue }
            do {
                let found = try read(key, text)
                problems += found.filter { $0.severity == .error }
            } catch {
                problems += error.problems.map(\.ofLabel)
            }
        }
    }

    private mutating func read(_ key: Key, _ text: String) throws(PlanProblems) -> [PlanProblem] {
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

extension ImageContract.Key {
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

extension ContainerPlan {
    /// Whether an image can say it. `"health": "none"` leaves all of its checks out.
    func leavesOpen(_ key: ImageContract.Key) -> Bool {
        switch key {
        case .health: health == nil
        case .liveness: liveness == nil && health?.check != .off
        }
    }
}

extension ImageFacts {
    /// What of the keys of `container` it fills, in words.
    public func values(for container: ContainerPlan) -> [(key: String, words: String)] {
        values.filter { container.leavesOpen($0.key) }.map { ($0.key.rawValue, $0.words) }
    }

    /// Of facts that are saved with a deployment: its plan left these open.
    public var savedValues: [(key: String, words: String)] { values.map { ($0.key.rawValue, $0.words) } }

    private var values: [(key: ImageContract.Key, words: String)] {
        ImageContract.Key.allCases.compactMap { key in words(of: key).map { (key, $0) } }
    }

    private func words(of key: ImageContract.Key) -> String? {
        switch key {
        case .health: health?.words
        case .liveness: liveness?.words
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

/// Labels of an image by which Fairlead goes.
enum ImageLabel {
    static let prefix = "io.fairlead."

    /// Of how data is saved, without the prefix.
    static let backup = ["backup.mode", "backup.engine", "backup.dump", "backup.target", "restore.load"]

    /// Builds have Fairlead's own, and an image that was made of a container has those of that.
    private static let others = ["backup.exclude", "stack", "container", "commit", "deployment", "subnet", "drill"]

    private static let said = backup + ImageContract.Key.allCases.map(\.rawValue)

    /// Those of `labels` with Fairlead's prefix that mean nothing to it, each with the one that was probably meant.
    static func unknown(among labels: [String: String]) -> [(name: String, meant: String?)] {
        let names = labels.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        return names.filter { !said.contains($0) && !others.contains($0) }.sorted().map { name in
            (prefix + name, Suggestion.closest(to: name, among: said).map { prefix + $0 })
        }
    }
}
