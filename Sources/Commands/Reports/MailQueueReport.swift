internal import Jobs
internal import Model

/// What `fairlead mail queue` shows.
struct MailQueueReport: Report {
    struct Entry: Encodable, Sendable {
        /// Of its file.
        var name: String
        var since: ReportTime
        var subject: String
        /// What the server answered, a line for each recipient that was refused.
        var answers: [String]
    }

    struct Attempt: Encodable, Sendable {
        var time: ReportTime
        /// `sent`, `unreachable` or `configuration`.
        var outcome: String
        var error: String
    }

    /// Whether mail settings are installed.
    var configured: Bool
    var waiting: [Entry]
    var refused: [Entry]
    var lastAttempt: Attempt?

    init(_ content: ChannelContent) {
        configured = content.isConfigured
        waiting = content.waiting.map(Entry.init)
        refused = content.refused.map(Entry.init)
        lastAttempt = content.lastAttempt.map {
            Attempt(time: ReportTime($0.time), outcome: $0.outcome.rawValue, error: $0.error)
        }
    }

    var isEmpty: Bool { waiting.isEmpty && refused.isEmpty }

    func lines(_ style: TextStyle) -> [String] {
        guard !isEmpty else { return [configured ? style.good("no mail waits") : "no mail waits; none is configured"] }
        return section(waiting, "waiting", style) + reason(style) + section(refused, "refused", style)
            + (refused.isEmpty ? [] : ["-> mend what the server says, then 'fairlead mail queue --retry'"])
    }

    private func section(_ entries: [Entry], _ word: String, _ style: TextStyle) -> [String] {
        guard !entries.isEmpty else { return [] }
        return [style.strong("\(entries.count.counted("mail")) \(word)")]
            + entries.flatMap { entry in
                ["  \(style.time(entry.since.moment))  \(entry.subject.printable)"]
                    + entry.answers.map { "    " + style.bad($0.printable) }
            }
    }

    private func reason(_ style: TextStyle) -> [String] {
        guard !waiting.isEmpty else { return [] }
        guard configured else { return ["-> no mail is configured: they wait for a plan with 'mail'"] }
        guard let lastAttempt, !lastAttempt.error.isEmpty else { return ["-> they are sent within five minutes"] }
        return [
            "last attempt \(style.time(lastAttempt.time.moment)): \(style.bad(lastAttempt.error.printable))",
            "-> 'fairlead mail test' says what to do",
        ]
    }
}

extension MailQueueReport.Entry {
    fileprivate init(_ entry: ChannelContent.Entry) {
        self.init(
            name: entry.name, since: ReportTime(entry.since), subject: entry.subject, answers: entry.answers)
    }
}
