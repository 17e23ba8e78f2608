internal import FoundationEssentials

/// What rclone says on standard error, or in its log as JSON.
struct RcloneLog {
    private(set) var errors: [String] = []

    /// Of the end of standard error, whose lines are joined by ' | '.
    init(tail: String) {
        for line in tail.split(separator: " | ").map(String.init) { addPlain(line) }
    }

    init() {}

    /// A line of the log; the bytes that are transferred by now if it tells them.
    mutating func add(_ line: some Collection<UInt8>) -> Int64? {
        guard let entry = try? JSONDecoder().decode(Entry.self, from: Data(line)) else {
            addPlain(String(decoding: line, as: UTF8.self))
            return nil
        }
        if entry.level == "error" || entry.level == "fatal" { errors.append(entry.msg) }
        return entry.stats?.bytes
    }

    mutating func addError(_ text: String) { errors.append(text) }

    /// Why it failed, in rclone's words.
    var reason: String {
        guard let last = errors.last else { return "rclone gave no reason" }
        return last.replacing(/^Failed to [a-z]+( with \d+ errors)?: (last error was: )?/, with: "")
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// Whether any of `words` is in what it said.
    func mentions(_ words: [String]) -> Bool { errors.contains { error in words.contains { error.contains($0) } } }

    private mutating func addPlain(_ line: String) {
        if let match = line.wholeMatch(of: /\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d (.*)/) {
            errors.append(String(match.output.1))
        } else if errors.isEmpty {
            errors.append(line)
        } else {
            // The rest of an error of several lines.
            errors[errors.count - 1] += " " + line
        }
    }

    private struct Entry: Decodable {
        struct Stats: Decodable { let bytes: Int64 }

        let level: String
        let msg: String
        let stats: Stats?
    }
}
