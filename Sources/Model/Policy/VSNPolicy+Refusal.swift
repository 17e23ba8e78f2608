extension VSNPolicy {
    /// A refusal with the line of the configuration that would accept it: `setting` is a key below `policy`, `value` the
    /// text of a JSON value.
    package func refusal(_ message: String, at pointer: String, setting: String, value: String) -> PlanProblem {
        let parts = setting.split(separator: ".")
        let line = parts.dropLast().reversed().reduce("\"\(parts.last ?? "")\": \(value)") { "\"\($1)\": {\($0)}" }
        return PlanProblem(
            file: "plan.json", pointer: pointer, message: "\(message) on this VSN",
            hint: "change the plan, or 'policy.\(setting)' in the VSN's configuration: \"policy\": {\(line)}")
    }

    /// The same for a list that lacks `entry`.
    package func refusal(
        _ message: String, at pointer: String, setting: String, list: [String], lacks entry: String
    ) -> PlanProblem {
        refusal(message, at: pointer, setting: setting, value: Self.jsonList(list + [entry]))
    }

    /// Whole parts only: `/srv/a` does not cover `/srv/ab`.
    package static func covers(_ prefix: String, _ path: String) -> Bool {
        let trimmed = prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix
        return path.isAt(trimmed)
    }
}
