internal import Model

/// A plan while it is being checked; its log says whether it may leave.
struct PlanDraft {
    let log: ProblemLog
    let layers: PlanLayers
    /// The merged plan with its references replaced.
    let root: PlanCursor
    let plan: ResolvedPlan
    /// Names of the containers that the plan leaves out.
    let inactive: Set<String>
    let repository: RepositoryIndex

    /// Throws what the repository throws. Without `checksShape` the log says nothing of what the schema forbids.
    init(_ sources: PlanSources, host: String, repository: RepositoryIndex, checksShape: Bool = true) throws {
        self.repository = repository
        layers = PlanLayers(plan: sources.plan, size: sources.size, overlay: sources.overlay)
        let merged = sources.merged(layers)
        log = ProblemLog(layers: layers)
        if checksShape { log.addShape(of: sources, merged: merged) }
        log.checkSize(sources)
        log.checkPatchedNames(sources, layers)
        let scope = ReferenceScope(plan: merged, host: host, log: log)
        var substitution = ReferenceSubstitution(scope: scope, log: log)
        root = PlanCursor(value: substitution.applied(to: merged), pointer: "", log: log)
        let containers = root["containers"]?.members ?? []
        inactive = Set(containers.filter { !PlanReader.isActive($0.cursor) }.map(\.name))
        plan = try PlanReader(root: root, host: host, repository: repository).plan()
    }
}

extension PlanSources {
    /// After every layer, with the size that was chosen.
    fileprivate func merged(_ layers: PlanLayers) -> JSONValue {
        guard var members = layers.merged.object else { return layers.merged }
        members["size"] = size.map(JSONValue.string)
        return .object(members)
    }
}

extension ProblemLog {
    fileprivate func addShape(of sources: PlanSources, merged: JSONValue) {
        add(written: JSONSchema.plan.problems(of: sources.plan))
        add(JSONSchema.plan.problems(of: sources.plan, at: merged), fromSchema: true)
    }

    fileprivate func checkSize(_ sources: PlanSources) {
        if let overlay = sources.overlay, overlay.value["sizes"] != nil {
            // The plan may have the same key, which is in order.
            add(written: [
                PlanProblem(
                    file: overlay.file, line: overlay.position(of: "/sizes")?.line, pointer: "/sizes",
                    message: "sizes cannot be defined for one host", hint: "define them in 'plan.json'")
            ])
        }
        guard let size = sources.size, sources.plan.value["sizes"]?[size] == nil else { return }
        let sizes = sources.plan.value["sizes"]?.object?.keys.sorted() ?? []
        error("size '\(size)' is not defined", at: "/size", hint: Self.sizeHint(size, sizes))
    }

    /// A patch for a misspelt container makes a new one, which then lacks everything.
    fileprivate func checkPatchedNames(_ sources: PlanSources, _ layers: PlanLayers) {
        let names = sources.plan.value["containers"]?.object?.keys.sorted() ?? []
        for layer in layers.patches {
            for (name, patch) in layer.value["containers"]?.object ?? [:] where !names.contains(name) {
                guard patch.isObject, patch["image"] == nil,
                    let meant = Suggestion.closest(to: name, among: names)
                else { continue }
                let pointer = layer.root + JSONPointer.child(name, of: "/containers")
                add(written: [
                    PlanProblem(
                        file: layer.document.file, line: layer.document.position(of: pointer)?.line, pointer: pointer,
                        message: "the plan has no container '\(name)' to change", hint: "did you mean '\(meant)'?")
                ])
            }
        }
    }

    private static func sizeHint(_ size: String, _ sizes: [String]) -> String {
        guard !sizes.isEmpty else { return "define it in 'sizes', or leave 'size' out" }
        return Suggestion.closest(to: size, among: sizes).map { "did you mean '\($0)'?" }
            ?? "the sizes are \(sizes.quotedList)"
    }
}
