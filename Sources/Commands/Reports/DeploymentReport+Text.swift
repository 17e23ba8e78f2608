internal import Model

extension DeploymentReport {
    func lines(_ style: TextStyle) -> [String] {
        let outcome = DeploymentOutcome(rawValue: outcome)?.painted(style) ?? style.warning(outcome)
        return [style.strong("deployment #\(deployment)") + "  \(outcome)"] + facts(style) + changeLines
            + stepLines(style) + containerLines(style) + imageLines
    }

    private func facts(_ style: TextStyle) -> [String] {
        var table = TextTable(indentation: 2)
        func add(_ name: String, _ value: String?, _ paint: @escaping (String) -> String = { $0 }) {
            if let value, !value.isEmpty { table.add(.init(name, style.faint), .init(value, paint)) }
        }
        add("commit", commit.map { "\($0.id)  \($0.words)".printable })
        add("version", version)
        add("trigger", trigger.rawValue)
        add("started", style.exactTime(started.moment))
        add("took", durationMilliseconds.map(SpokenDuration.text(milliseconds:)))
        let downtime = SpokenDuration.downtime(milliseconds: downtimeMilliseconds, atMost: downtimeAtMostMilliseconds)
        add("downtime", downtime.map { String($0.dropFirst("downtime ".count)) })
        add("data before", snapshot.map { "run \($0.run)  \($0.words)" })
        add("data restored", restored.map { "run \($0)" })
        let failure = FailureText(error, hint: hint)
        table.columns = style.columns
        add("error", failure.reason.split(separator: "\n").joined(separator: "; ").printable, style.bad)
        add("hint", failure.hint.printable)
        return table.lines + failure.log.map { style.faint("    | \($0.printable)") }
    }

    private var changeLines: [String] {
        changes.isEmpty ? [] : ["changes"] + changes.map { "  " + $0.line(beside: commit?.name) }
    }

    private func stepLines(_ style: TextStyle) -> [String] {
        var table = TextTable(indentation: 2)
        for step in steps {
            let time = step.durationMilliseconds.map(SpokenDuration.text(milliseconds:)) ?? "unfinished"
            table.add(
                .init(step.step.rawValue), .init(style.clockTime(step.started.moment), style.faint), .init(time),
                .init(
                    step.error.map { $0 == error ? "failed" : FailureText($0, hint: nil).reason.printable } ?? "",
                    style.bad))
        }
        return steps.isEmpty ? [] : ["steps"] + table.lines
    }

    private func containerLines(_ style: TextStyle) -> [String] {
        var table = TextTable(indentation: 2)
        for name in Set(containers.map(\.container)).sorted() {
            let moments = containers.filter { $0.container == name }
            let words = moments.map { "\($0.phase.rawValue) \(style.clockTime($0.time.moment))" }
            table.add(.init(name), .init(words.joined(separator: ", ")))
        }
        return containers.isEmpty ? [] : ["containers"] + table.lines
    }

    private var imageLines: [String] {
        var table = TextTable(indentation: 2)
        for (name, image) in images.sorted(by: { $0.key < $1.key }) {
            table.add(
                .init(name), .init(image.names.first ?? ""), .init(image.digest ?? image.id),
                .init(ImageSignature.words(image.signature)))
        }
        let said = images.sorted { $0.key < $1.key }.flatMap { name, image in
            ((image.facts?.savedValues ?? []).map { "\($0.key) from the image: \($0.words)" }
                + [image.facts?.backupWords].compactMap(\.self)).map { "  \(name): \($0)".printable }
        }
        return images.isEmpty ? [] : ["images"] + table.lines + said
    }
}
