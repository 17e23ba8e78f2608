internal import ArgumentParser
internal import Model

/// The program from its arguments to its exit status.
public enum Program {
    /// `arguments`: without the program's name.
    public static func run(_ arguments: [String], in context: CommandContext) async -> ExitStatus {
        var needsRoot = false
        do {
            var command = try Fairlead.parseAsRoot(arguments)
            if let command = command as? any ContextCommand {
                needsRoot = type(of: command).needsRoot
                return judge(try await command.run(in: context), in: context)
            }
            try command.run()
            return .success
        } catch {
            let teller = ErrorTeller(
                format: .asked(for: arguments), context: context, misspelt: MisspeltVerb(in: arguments)?.hint)
            return teller.tell(error, mayLackRoot: needsRoot && !context.isRoot)
        }
    }

    /// A result that did not reach its reader whole is a failure: a script would take half a report for all of it.
    private static func judge(_ status: ExitStatus, in context: CommandContext) -> ExitStatus {
        guard let reason = context.console.resultFailure() else { return status }
        context.console.note("\(context.chatterStyle.bad("error:")) cannot write the result: \(reason)")
        return status == .success || status == .changes ? .failure : status
    }
}

/// Tells why a command failed: to people on standard error, to programs in place of the result that they asked for.
struct ErrorTeller {
    let format: OutputFormat
    let context: CommandContext
    /// What was meant by a word that is no command.
    let misspelt: String?

    func tell(_ error: any Error, mayLackRoot: Bool) -> ExitStatus {
        switch error {
        case let error as any Actionable:
            var report = ErrorReport(error)
            // What others may not read looks missing or damaged to them.
            let advice = mayLackRoot ? "this command needs root: run it with sudo" : nil
            if format == .json { report.hint = report.hint.map { $0 + (advice.map { "; \($0)" } ?? "") } ?? advice }
            write(report)
            if format == .text, let advice { context.console.note(advice) }
            return .failure
        case is CancellationError:
            if format == .json { write(ErrorReport(error: "interrupted")) } else { context.console.note("interrupted") }
            return .failure
        default: return finish(error)
        }
    }

    /// Help, the version and completion scripts are "errors" of the argument parser, and so is a wrong command line.
    private func finish(_ error: any Error) -> ExitStatus {
        let status = Fairlead.exitCode(for: error)
        let message = Fairlead.fullMessage(for: error)
        switch (status.isSuccess, format) {
        case (true, _): context.console.result(message)
        case (false, .text):
            context.console.note(message)
            if let misspelt { context.console.note("\(context.chatterStyle.strong("hint:")) \(misspelt)") }
        case (false, .json):
            let hint = misspelt ?? "'fairlead help' lists commands and options"
            write(ErrorReport(error: Fairlead.message(for: error), hint: hint))
        }
        return ExitStatus(rawValue: status.rawValue) ?? .failure
    }

    private func write(_ report: ErrorReport) {
        guard format == .json, let text = try? report.json() else {
            for line in report.lines(context.chatterStyle) { context.console.note(line) }
            return
        }
        context.console.result(text)
    }
}

extension OutputFormat {
    /// As a command line asks for it, also one that cannot be understood: the last `--output` counts.
    static func asked(for arguments: [String]) -> Self {
        let options = Array(arguments.prefix { $0 != "--" })
        let values = options.indices.compactMap { index in
            options[index] == "--output"
                ? options.dropFirst(index + 1).first
                : options[index].hasPrefix("--output=") ? String(options[index].dropFirst(9)) : nil
        }
        return values.last.flatMap(Self.init) ?? .text
    }
}
