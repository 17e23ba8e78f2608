internal import Model

/// What `fairlead doctor` found.
struct DoctorReport: Report {
    var checks: [HostCheck]

    var isHealthy: Bool { checks.allSatisfy { $0.status != .fail } }

    func lines(_ style: TextStyle) -> [String] { rows(style) + ["", summary(style)] }

    /// The checks with their advice.
    func rows(_ style: TextStyle) -> [String] {
        var table = TextTable()
        table.columns = style.columns
        for check in checks { check.addRow(to: &table, style) }
        return zip(table.blocks, checks).flatMap { lines, check in
            lines + check.advice.flatMap { Self.advice($0, style) }
        }
    }

    private static func advice(_ text: String, _ style: TextStyle) -> [String] {
        let mark = "         -> "
        let lines = WrappedText(columns: style.columns).lines(text.printable, indent: mark.count)
        return [mark + lines[0]] + lines.dropFirst()
    }

    private func summary(_ style: TextStyle) -> String {
        let problems = checks.count { $0.status == .fail }
        guard problems == 0 else { return style.bad(problems.counted("problem")) }
        let verdict = checks.first { $0.name == VerdictCheck.name && $0.status != .ok }
        return verdict.map { style.warning("this host is fit; \($0.found)".printable) }
            ?? style.good("this host is fit")
    }
}

extension HostCheck {
    fileprivate func addRow(to table: inout TextTable, _ style: TextStyle) {
        table.add(
            .init(status.rawValue) { text in
                switch status {
                case .ok: style.good(text)
                case .warn: style.warning(text)
                case .fail: style.bad(text)
                case .skipped: style.faint(text)
                }
            }, .init(name), .init(found.printable))
    }
}
