import Planning
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
}
