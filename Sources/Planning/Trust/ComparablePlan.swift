public import Model

/// A plan that is compared with another one.
public struct ComparablePlan: Hashable, Sendable {
    /// As the host acts on it: its parts have names of their own.
    public let resolved: ResolvedPlan
    /// In the words of `plan.json`, after size, overlay and variables, with the containers that it leaves out.
    public let written: JSONValue

    public init(resolved: ResolvedPlan, written: JSONValue) {
        self.resolved = resolved
        self.written = written.inLongForms
    }
}

extension JSONValue {
    /// A plan that says `"hostKey": "…"` or `"dependsOn": ["web"]` in the form that has more keys: a rule that names
    /// one of those would not see that another name stands there.
    fileprivate var inLongForms: JSONValue {
        changing("hostKey") { $0.array == nil ? .array([$0]) : $0 }
            .changing("containers") { containers in
                containers.changingEach { container in
                    container.changing("dependsOn") { names in
                        names.changingEach { $0.object == nil ? .object(["container": $0]) : $0 }
                    }
                }
            }
    }

    private func changing(_ key: String, _ change: (JSONValue) -> JSONValue) -> JSONValue {
        guard var members = object, let member = members[key] else { return self }
        members[key] = change(member)
        return .object(members)
    }

    private func changingEach(_ change: (JSONValue) -> JSONValue) -> JSONValue {
        switch self {
        case .object(let members): .object(members.mapValues(change))
        case .array(let elements): .array(elements.map(change))
        default: self
        }
    }
}
