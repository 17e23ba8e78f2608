internal import Model

extension IncidentsReport {
    func lines(_ style: TextStyle) -> [String] {
        guard !incidents.isEmpty else { return ["no incidents"] }
        var table = TextTable()
        for incident in incidents { incident.addRow(to: &table, style) }
        return zip(table.lines, incidents).flatMap { [$0] + $1.details(style) }
    }
}

extension IncidentsReport.Incident {
    fileprivate func addRow(to table: inout TextTable, _ style: TextStyle) {
        let length = closed.map {
            "after \(SpokenDuration.text(milliseconds: $0.moment.since(since.moment).wholeMilliseconds))"
        }
        table.add(
            .init(closed == nil ? "open" : "closed") { closed == nil ? style.bad($0) : style.faint($0) },
            .init(style.time(since.moment)), .init(kind.rawValue), .init(subject.printable, style.strong),
            .init(length ?? "", style.faint), .init(version.map { $0.printable } ?? ""))
    }

    /// Of what went wrong; the one that ended it runs another, often.
    private var version: String? { events.reversed().lazy.compactMap(\.version).first }

    /// Why it was opened, then what was done and when.
    fileprivate func details(_ style: TextStyle) -> [String] {
        let margin = "     "
        let opening = events.last
        var lines = [opening?.reason].compactMap(\.self).filter { !$0.isEmpty }
            .map { style.bad((margin + $0).indentedLines) }
        var table = TextTable(indentation: margin.count)
        for event in events.reversed() {
            table.add(
                .init(style.exactTime(event.time.moment), style.faint), .init(event.event.rawValue),
                .init(event.action.printable))
        }
        lines += table.lines
        lines += (opening?.changes ?? []).map { margin + $0.line(beside: opening?.commit.flatMap { CommitID($0) }) }
        if closed == nil, let advice = opening?.advice { lines.append("\(margin)-> \(advice.printable)") }
        if closed == nil, let log = events.compactMap(\.log).first {
            lines += log.split(separator: "\n").suffix(10).map { style.faint("\(margin)| \(String($0).printable)") }
        }
        return lines
    }
}
