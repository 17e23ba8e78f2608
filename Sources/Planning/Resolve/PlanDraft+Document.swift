internal import Model

extension PlanDraft {
    /// The plan with the place of each value.
    var document: PlanDocument {
        let plan = shown
        let places = plan.leaves(at: "").map { ($0.0, place(of: $0.0)) }
        return PlanDocument(plan: plan, places: Dictionary(places) { first, _ in first })
    }

    /// Without what other parts of it were made of, and without containers that the plan leaves out.
    private var shown: JSONValue {
        guard var members = root.value.object else { return root.value }
        for name in ["$schema", "sizes", "variables"] { members[name] = nil }
        if var containers = members["containers"]?.object {
            for name in inactive { containers[name] = nil }
            members["containers"] = .object(containers)
        }
        return .object(members)
    }

    private func place(of pointer: String) -> PlanDocument.Place {
        let place = layers.place(of: pointer)
        let uses = references(at: pointer).compactMap(use)
        return PlanDocument.Place(
            file: place.file, line: place.line, pointer: place.pointer, uses: uses.isEmpty ? nil : uses)
    }

    private func references(at pointer: String) -> [String] {
        guard let text = layers.merged[pointer: pointer]?.string else { return [] }
        return ReferenceText(text).pieces.compactMap { if case .reference(let name) = $0 { name } else { nil } }
    }

    /// `nil` for a secret, which stays a reference.
    private func use(of reference: String) -> PlanDocument.Use? {
        let parts = reference.split(separator: ":", maxSplits: 1).map(String.init)
        let pointer: String
        switch parts.first {
        case "version", "stack": pointer = "/\(reference)"
        case "variable": pointer = JSONPointer.child(parts.last ?? "", of: "/variables")
        case "host":
            return PlanDocument.Use(
                reference: reference, file: "\(PlanResolver.hostDirectory)/\(plan.host).json", line: nil)
        default: return nil
        }
        let place = layers.place(of: pointer)
        return PlanDocument.Use(reference: reference, file: place.file, line: place.line)
    }
}
