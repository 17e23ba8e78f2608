internal import ArgumentParser
internal import Planning

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
        } catch let error as any Actionable {
            let status = report(error, in: context)
            // What others may not read looks missing or damaged to them.
            if needsRoot, !context.isRoot { context.console.note("this command needs root: run it with sudo") }
            return status
        } catch is CancellationError {
            context.console.note("interrupted")
            return .failure
        } catch {
            return finish(error, in: context)
        }
    }

    /// A result that did not reach its reader whole is a failure: a script would take half a report for all of it.
    private static func judge(_ status: ExitStatus, in context: CommandContext) -> ExitStatus {
        guard let reason = context.console.resultFailure() else { return status }
        context.console.note("\(context.chatterStyle.bad("error:")) cannot write the result: \(reason)")
        return status == .success || status == .changes ? .failure : status
    }

    private static func report(_ error: any Actionable, in context: CommandContext) -> ExitStatus {
        let style = context.chatterStyle
        if let problems = error as? PlanProblems {
            for problem in problems.problems { context.console.note("\(problem)") }
            return .failure
        }
        context.console.note("\(style.bad("error:")) \(error.message)")
        if !error.hint.isEmpty { context.console.note("\(style.strong("hint:")) \(error.hint)") }
        return .failure
    }

    /// Help, the version and completion scripts are "errors" of the argument parser, and so is a wrong command line.
    private static func finish(_ error: any Error, in context: CommandContext) -> ExitStatus {
        let status = Fairlead.exitCode(for: error)
        let message = Fairlead.fullMessage(for: error)
        if status.isSuccess {
            context.console.result(message)
        } else {
            context.console.note(message)
        }
        return ExitStatus(rawValue: status.rawValue) ?? .failure
    }
}
