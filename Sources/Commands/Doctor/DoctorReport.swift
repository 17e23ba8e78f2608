internal import Planning

/// What `fairlead doctor` found.
struct DoctorReport: Report {
    var checks: [HostCheck]

    var isHealthy: Bool { checks.allSatisfy { $0.status != .fail } }

    func lines(_ style: TextStyle) -> [String] {
        var table = TextTable()
        for check in checks { check.addRow(to: &table, style) }
        let found = zip(table.lines, checks).flatMap { line, check in
            [line] + check.advice.map { "         -> \($0.printable)" }
        }
        return found + ["", summary(style)]
    }

    private func summary(_ style: TextStyle) -> String {
        let problems = checks.count { $0.status == .fail }
        guard problems > 0 else { return style.good("this host is fit") }
        return style.bad(problems.counted("problem"))
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
