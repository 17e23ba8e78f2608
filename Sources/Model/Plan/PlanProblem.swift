/// Something wrong in a plan, an overlay or a configuration file.
public struct PlanProblem: Hashable, Sendable, Codable {
    public enum Severity: String, Hashable, Sendable, Codable { case error, warning }

    public var severity: Severity
    /// As the user knows it: `plan.json`, `hosts/berlin.json`.
    public var file: String
    /// From 1.
    public var line: Int?
    /// From 1, in Unicode scalars; known where the text itself is at fault.
    public var column: Int?
    /// RFC 6901; empty for the document.
    public var pointer: String
    /// What is wrong: lower case, one line, values in 'quotes'. Never holds a secret.
    public var message: String
    /// What to write instead; may be empty.
    public var hint: String
    /// The commit that brought it, where that is not the one that is refused.
    public var commit: CommitName?

    public init(
        severity: Severity = .error, file: String, line: Int? = nil, column: Int? = nil, pointer: String = "",
        message: String, hint: String = ""
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.pointer = pointer
        self.message = message
        self.hint = hint
    }
}

extension PlanProblem: CustomStringConvertible {
    /// `plan.json:12 /containers/web: unknown key 'prots'; did you mean 'ports'?`
    public var description: String {
        var place = ([file] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":")
        if !pointer.isEmpty { place += " \(pointer)" }
        let words = severity == .warning ? "warning: \(message)" : message
        let since = commit.map { " (since \($0))" } ?? ""
        return (hint.isEmpty ? "\(place): \(words)" : "\(place): \(words); \(hint)") + since
    }
}

extension PlanProblem: Comparable {
    /// By file and line; what has no line comes first.
    public static func < (left: Self, right: Self) -> Bool { left.order < right.order }

    private var order: (String, Int, Int, String, String) { (file, line ?? 0, column ?? 0, pointer, message) }
}
