internal import Model

/// A value of the merged plan with its place; reads it as a type, and reports what does not fit.
struct PlanCursor {
    let value: JSONValue
    let pointer: String
    let log: ProblemLog

    /// `nil` when the key is absent.
    subscript(key: String) -> PlanCursor? {
        guard let member = value[key], member != .null else { return nil }
        return PlanCursor(value: member, pointer: JSONPointer.child(key, of: pointer), log: log)
    }

    /// `nil` too where the plan says that there is meant to be none.
    func section(_ key: String) -> PlanCursor? {
        self[key].flatMap { $0.value.string == PlanResolver.none ? nil : $0 }
    }

    /// By name, sorted.
    var members: [(name: String, cursor: PlanCursor)] {
        guard let members = value.object else { return report("an object", []) }
        return members.keys.sorted().compactMap { name in self[name].map { (name, $0) } }
    }

    var elements: [PlanCursor] {
        guard let elements = value.array else { return report("a list", []) }
        return elements.enumerated().map { PlanCursor(value: $1, pointer: "\(pointer)/\($0)", log: log) }
    }

    var text: String? {
        guard let text = value.string else { return report("a text", nil) }
        return text
    }

    var flag: Bool? {
        guard let flag = value.bool else { return report("true or false", nil) }
        return flag
    }

    var number: Double? {
        guard let number = value.number, number.isFinite else { return report("a number", nil) }
        return number
    }

    var integer: Int? { value.integer ?? report("a whole number", nil) }

    /// `nil`, and an error, when the text does not parse.
    func written<Value: WrittenValue>(_ type: Value.Type = Value.self) -> Value? {
        guard let text else { return nil }
        guard let value = Value(text) else {
            error("'\(text)' is not \(Value.noun)", hint: "write \(Value.form)")
            return nil
        }
        return value
    }

    func error(_ message: String, hint: String) { log.error(message, at: pointer, hint: hint) }
    func warning(_ message: String, hint: String) { log.warning(message, at: pointer, hint: hint) }

    private func report<Value>(_ expected: String, _ fallback: Value) -> Value {
        log.mismatch(expected, at: pointer)
        return fallback
    }
}

extension WrittenValue {
    /// The form without its example: `a duration`.
    fileprivate static var noun: Substring {
        form.prefix(upTo: form.firstRange(of: " such as")?.lowerBound ?? form.endIndex)
    }
}
