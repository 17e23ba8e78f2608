internal import Model

/// A failure as people read it: the reason, what to do about it on the next line, and the end of the log below.
struct FailureText {
    let reason: String
    let hint: String
    let log: [String]

    init(_ error: String?, hint: String?) {
        let (reason, log) = LogTail.split(error ?? "")
        self.reason = reason
        self.hint = hint ?? ""
        self.log = log.lines
    }

    /// A list of problems has a line for each.
    func lines(_ style: TextStyle, margin: String) -> [String] {
        reason.split(separator: "\n").flatMap { style.wrapped(String($0).printable, margin: margin) }.map(style.bad)
            + rest(style, margin: margin)
    }

    /// What follows where the reason stands already.
    func rest(_ style: TextStyle, margin: String) -> [String] {
        (hint.isEmpty ? [] : style.wrapped(hint.printable, margin: margin))
            + log.map { style.faint("\(margin)| \($0.printable)") }
    }
}
