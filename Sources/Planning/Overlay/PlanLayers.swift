internal import Model

/// The layers of one host's plan, and which of them brought a value: a problem has to be shown where it was written.
struct PlanLayers {
    struct Layer {
        let document: JSONDocument
        /// Of the layer's root in its document: empty, or `/sizes/small`.
        let root: String
        let value: JSONValue
    }

    struct Place: Hashable {
        let file: String
        let line: Int?
        let pointer: String
    }

    /// In the order in which they are laid over each other; never empty.
    private let base: Layer
    let patches: [Layer]

    init(plan: JSONDocument, size: String? = nil, overlay: JSONDocument? = nil) {
        base = Layer(document: plan, root: "", value: plan.value)
        let chosen = size.flatMap { name in
            plan.value["sizes"]?[name].map {
                Layer(document: plan, root: JSONPointer.child(name, of: "/sizes"), value: $0)
            }
        }
        patches = [chosen, overlay.map { Layer(document: $0, root: "", value: $0.value) }].compactMap(\.self)
    }

    var merged: JSONValue { patches.reduce(base.value) { $0.merged(with: $1.value) } }

    /// Where the value at `pointer` of the merged plan was written; its nearest parent when it does not exist.
    ///
    /// An object that several layers contribute to is attributed to the lowest, which defines it.
    func place(of pointer: String) -> Place {
        var live = [base] + patches
        var values = live.map(\.value)
        for part in JSONPointer.parts(of: pointer) {
            let next = Self.contributors(to: part, live: live, values: values)
            guard !next.isEmpty else { break }
            live = next.map(\.layer)
            values = next.map(\.value)
        }
        return place(of: pointer, in: live.first ?? base)
    }

    /// The layers that still count one level deeper: a later value that is no object hides everything below it.
    private static func contributors(
        to part: String, live: [Layer], values: [JSONValue]
    ) -> [(layer: Layer, value: JSONValue)] {
        var result: [(layer: Layer, value: JSONValue)] = []
        for (layer, value) in zip(live, values) {
            guard let child = value[step: part] else { continue }
            if !child.isObject || !(result.last?.value.isObject ?? true) { result = [] }
            if child != .null { result.append((layer, child)) }
        }
        return result
    }

    private func place(of pointer: String, in layer: Layer) -> Place {
        let full = layer.root + pointer
        return Place(
            file: layer.document.file, line: layer.document.position(of: full)?.line, pointer: full)
    }
}

extension JSONValue {
    var isObject: Bool { object != nil }

    /// The member or element that one part of a JSON pointer names.
    subscript(step part: String) -> JSONValue? {
        switch self {
        case .object(let members): members[part]
        case .array(let elements): Int(part).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
        default: nil
        }
    }
}
