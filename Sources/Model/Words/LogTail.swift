/// The end of a program's log as a clause of an error, which is one line: `…; its last lines: a | b (3 times)`. A log may be
/// of any length, and of marks that cover what stands above: `…` is in place of what is left out.
public struct LogTail: Hashable, Sendable {
    private static let opening = "; its last lines: "
    private static let separator = " | "
    /// Unicode scalars of a line.
    private static let longestLine = 400
    /// In bytes; the last line is kept however long it is.
    private static let mostBytes = 4096

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
        lines = Self.newest(
            folded.map { line, count in
                let line = String(line).cut(to: Self.longestLine)
                return count == 1 ? line : "\(line) (\(count) times)"
            })
    }

    /// As an error quotes them: those of older journals are of any length.
    private init(quoted lines: [String]) { self.lines = Self.newest(lines.map { $0.cut(to: Self.longestQuote) }) }

    /// With room for how often it was there.
    private static let longestQuote = longestLine + 24

    private static func newest(_ lines: [String]) -> [String] {
        var bytes = 0
        let kept = lines.reversed().prefix { line in
            defer { bytes += line.utf8.count + separator.utf8.count }
            return bytes == 0 || bytes + line.utf8.count <= mostBytes
        }
        return (kept.count < lines.count ? ["…"] : []) + kept.reversed()
    }

    public var clause: String {
        lines.isEmpty ? "; it logged nothing" : Self.opening + lines.joined(separator: Self.separator)
    }

    /// The reason in an error, and the log that it quotes.
    public static func split(_ error: String) -> (reason: String, log: LogTail) {
        guard let clause = error.firstRange(of: Self.opening) else { return (error, LogTail(quoted: [])) }
        let quoted = String(error[clause.upperBound...]).split(separator: Self.separator).map(String.init)
        return (String(error[..<clause.lowerBound]), LogTail(quoted: quoted))
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
