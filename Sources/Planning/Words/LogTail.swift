/// The end of a program's log as a clause of an error, which is one line: `…; its last lines: a | b (3 times)`.
public struct LogTail: Hashable, Sendable {
    private static let opening = "; its last lines: "
    private static let separator = " | "

    public let lines: [String]

    /// Lines that repeat the one before are counted.
    public init(folding text: String) {
        var folded: [(line: Substring, count: Int)] = []
        for line in text.split(whereSeparator: \.isNewline) {
            // By bytes: a line of nothing but marks would be put in order for each comparison.
            if let last = folded.last, last.line.utf8.elementsEqual(line.utf8) {
                folded[folded.count - 1].count += 1
            } else {
                folded.append((line, 1))
            }
        }
        lines = folded.map { $0.count == 1 ? String($0.line) : "\($0.line) (\($0.count) times)" }
    }

    private init(lines: [String]) { self.lines = lines }

    public var clause: String {
        lines.isEmpty ? "; it logged nothing" : Self.opening + lines.joined(separator: Self.separator)
    }

    /// The reason in an error, and the log that it quotes.
    public static func split(_ error: String) -> (reason: String, log: LogTail) {
        guard let clause = error.firstRange(of: Self.opening) else { return (error, LogTail(lines: [])) }
        let quoted = String(error[clause.upperBound...]).split(separator: Self.separator).map(String.init)
        return (String(error[..<clause.lowerBound]), LogTail(lines: quoted))
    }
}

extension Actionable {
    /// The error and what to do, without a log that it quotes; that stays with the deployment.
    public var withoutLog: String {
        let (reason, log) = LogTail.split(message)
        guard !log.lines.isEmpty else { return description }
        return hint.isEmpty ? reason : "\(reason); \(hint)"
    }
}
