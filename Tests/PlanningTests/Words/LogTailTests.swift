import Model
import Testing

@Suite("The end of a log in an error")
struct LogTailTests {
    @Test(
        "lines that repeat the one before are counted",
        arguments: [
            ("", "; it logged nothing"), ("a\n", "; its last lines: a"), ("a\nb\n", "; its last lines: a | b"),
            ("a\na\n\na\nb\na", "; its last lines: a (3 times) | b | a"),
            // Swift takes them for equal, after putting their marks in order.
            ("e\u{301}\n\u{E9}", "; its last lines: e\u{301} | \u{E9}"),
        ])
    func folding(text: String, clause: String) { #expect(LogTail(folding: text).clause == clause) }

    @Test("what was quoted is found again, and an error that quotes none is all reason")
    func split() {
        let tail = LogTail(folding: "x\nx\ny")
        let (reason, log) = LogTail.split("container 'web' ended (exit status 3)" + tail.clause)
        #expect(reason == "container 'web' ended (exit status 3)" && log == tail)
        #expect(LogTail.split("no route; it logged nothing").reason == "no route; it logged nothing")
        #expect(LogTail.split("no route; it logged nothing").log.lines.isEmpty)
    }

    @Test("a log without end is cut, by lines, letters and as a whole, also where an older journal has all of it")
    func cut() {
        let accents = String(repeating: "\u{301}", count: 32_000)
        let line = String(repeating: "x", count: 65_536)
        let lines = LogTail(folding: "a\(accents)b\n\(line)\n\(line)").lines
        #expect(lines[0].unicodeScalars.count == 33 && lines[0].hasSuffix("…b"))
        #expect(lines[1] == String(repeating: "x", count: 400) + "… (2 times)")
        let many = (1...30).map { "\($0) \(line)" }.joined(separator: "\n")
        let log = LogTail(folding: many)
        #expect(log.lines.first == "…" && log.lines.last?.hasPrefix("30 xxx") == true)
        #expect((3000...4200).contains(log.clause.utf8.count))
        #expect(LogTail.split("it ended" + log.clause).log == log)
        let older = LogTail.split("it ended; its last lines: a\(accents) | \(line)").log
        #expect(older.lines.allSatisfy { $0.utf8.count < 500 })
    }
}
