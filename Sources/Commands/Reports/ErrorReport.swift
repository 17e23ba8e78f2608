internal import Model

/// Why a command failed.
struct ErrorReport: Report {
    var error: String
    /// What to do next; absent where nothing is known.
    var hint: String?
    /// All that is wrong with the files of a plan; absent where that is not the matter.
    var problems: [PlanProblem]?

    init(error: String, hint: String = "", problems: [PlanProblem]? = nil) {
        self.error = error
        self.hint = hint.isEmpty ? nil : hint
        self.problems = problems
    }

    init(_ error: any Actionable) {
        self.init(error: error.message, hint: error.hint, problems: (error as? PlanProblems)?.problems)
    }

    func lines(_ style: TextStyle) -> [String] {
        if let problems { return problems.map(\.description) }
        let text = FailureText(error, hint: hint)
        return WrappedText(columns: style.columns).lines("\(style.bad("error:")) \(text.reason)", indent: 7)
            + (text.hint.isEmpty
                ? [] : WrappedText(columns: style.columns).lines("\(style.strong("hint:")) \(text.hint)", indent: 6))
            + text.log.map { style.faint("  | \($0.printable)") }
    }
}
