internal import Model

/// Everything ambient that a command uses, so that commands run in tests as they do in a terminal.
public struct CommandContext: Sendable {
    public var console: Console
    public var clock: HostClock
    public var environment: [String: String]
    /// Of this program; it runs itself for network operations on the customer repo.
    public var executable: String
    /// Commands that act answer SIGINT, SIGTERM and SIGHUP; only in a process of their own.
    public var trapsSignals = false
    /// Whether the caller may do everything; else an error says that this may be why.
    public var isRoot = true

    public init(console: Console, clock: HostClock, environment: [String: String], executable: String) {
        self.console = console
        self.clock = clock
        self.environment = environment
        self.executable = executable
    }

    /// Colours only where a person looks on, and never against `NO_COLOR`.
    public var resultStyle: TextStyle { style(isTerminal: console.resultIsTerminal) }
    public var chatterStyle: TextStyle { style(isTerminal: console.chatterIsTerminal) }

    /// `COLUMNS` breaks lines for a pipe as well.
    private func style(isTerminal: Bool) -> TextStyle {
        let columns = environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        return TextStyle(
            coloured: isTerminal && mayColour, clock: clock, columns: columns ?? (isTerminal ? console.columns() : nil))
    }

    /// Who runs it, for the record.
    var person: String { (environment["SUDO_USER"] ?? "root").printable }

    private var mayColour: Bool { (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb" }
}

extension CommandContext {
    /// Writes a report to standard output.
    func write(_ report: some Report, as format: OutputFormat) throws {
        switch format {
        case .json: console.result(try report.json())
        case .text: for line in report.lines(resultStyle) { console.result(line) }
        }
    }
}
