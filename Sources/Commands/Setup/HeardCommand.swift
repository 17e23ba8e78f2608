internal import Model
internal import Synchronization

/// A command that is a part of a greater one, which keeps what it writes.
final class HeardCommand: Sendable {
    private let written = Mutex("")

    /// All lines so far, results and chatter in the order in which they came.
    var lines: [String] { written.withLock { $0 }.split(whereSeparator: \.isNewline).map(String.init) }

    /// `context`, with a console that nobody looks at.
    func context(in context: CommandContext) -> CommandContext {
        let write: @Sendable (String) -> Void = { text in self.written.withLock { $0 += text } }
        var heard = context
        heard.console = Console(writeResult: write, writeChatter: write)
        return heard
    }

    /// Notes why it failed.
    func note(_ error: any Actionable) {
        for line in ErrorReport(error).lines(TextStyle()) { written.withLock { $0 += line + "\n" } }
    }
}
