internal import Model

/// What a setup tells of its steps; in a dry run it tells them only.
struct SetupTranscript: Sendable {
    let console: Console
    let isDryRun: Bool

    func say(_ line: String = "") { console.result(line.printable) }

    /// Lines that belong to the one before.
    func note(_ lines: [String]) { for line in lines { say("    \(line)") } }

    /// The same for what went wrong.
    func complain(_ lines: [String]) { for line in lines { console.note("    \(line)".printable) } }

    /// `words` says what `work` does: "make a key".
    func step(_ words: String, _ work: () async throws -> Void) async throws {
        guard !isDryRun else { return say("would \(words)") }
        say("- \(words)")
        try await work()
    }
}
