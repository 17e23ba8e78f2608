import Foundation
import Logging
import Model
import Testing

@testable import Commands

@Suite("Words and columns for people")
struct OutputTests {
    @Test(
        "a time is shown in the local zone",
        arguments: [
            (0, 0, "1970-01-01 00:00"), (1_795_256_327_120, 0, "2026-11-21 10:18"),
            (1_795_256_327_120, 3600, "2026-11-21 11:18"), (1_709_164_800_000, 0, "2024-02-29 00:00"),
            (951_782_400_000, -1, "2000-02-28 23:59"), (-1, 0, "1969-12-31 23:59"),
        ] as [(Int64, Int64, String)])
    func time(milliseconds: Int64, offset: Int64, text: String) {
        let style = TextStyle(clock: HostClock(now: { Timestamp(milliseconds: 0) }, offset: { _ in offset }))
        #expect(style.time(Timestamp(milliseconds: milliseconds)) == text)
    }

    @Test("a report has nothing that steers a terminal, and the text of a stranger comes back as it was")
    func steering() throws {
        let text = "\u{7F}\u{9B}2J\u{202E}\u{2066}\u{200F}\u{61C}\u{2028}\u{1B}Ü👩‍👧\\n\n"
        let json = try ErrorReport(error: text).json()
        #expect(!json.unicodeScalars.contains { $0.steersTerminal && $0 != "\n" }, "\(json.debugDescription)")
        #expect(json.contains(#"\u007f\u009b2J\u202e\u2066\u200f\u061c\u2028"#))
        struct Read: Decodable { let error: String }
        #expect(try JSONDecoder().decode(Read.self, from: Data(json.utf8)).error == text)
    }

    @Test("a report's time is UTC with milliseconds")
    func utc() {
        #expect(CivilTime(Timestamp(milliseconds: 1_795_256_327_120)).utc == "2026-11-21T10:18:47.120Z")
    }

    @Test(
        "a length of time has one or two units",
        arguments: [
            (0, "0 ms"), (320, "320 ms"), (1000, "1 s"), (1449, "1.4 s"), (59_999, "59.9 s"), (60_000, "1 min"),
            (125_000, "2 min 5 s"), (11_520_000, "3 h 12 min"), (86_400_000, "1 d"), (-5, "0 ms"),
        ] as [(Int64, String)])
    func duration(milliseconds: Int64, text: String) {
        #expect(SpokenDuration.text(milliseconds: milliseconds) == text)
    }

    @Test("columns are aligned by what is seen, and the last one has no trailing space")
    func table() {
        var table = TextTable(indentation: 1)
        let style = TextStyle(coloured: true)
        table.add(.init("a", style.good), .init("bbb"), .init("end"))
        table.add(.init("aaaa"), .init("b"), .init(""))
        #expect(table.lines == [" \u{1B}[32ma\u{1B}[0m     bbb  end", " aaaa  b"])
    }

    @Test("without colours nothing but the text is written")
    func plain() {
        #expect(TextStyle(coloured: false).bad("no") == "no")
    }
}

@Suite("Words of a commit")
struct CommitWordsTests {
    @Test("somebody else's text neither steers the terminal nor reverses what follows")
    func printable() {
        #expect("a\u{1B}[31mb\u{202E}c\u{2066}d\u{85}é“”".printable == "a[31mb<U+202E>c<U+2066>dé“”")
    }
}

@Suite("Log lines")
struct LogLineTests {
    private final class Lines: Sendable {
        nonisolated(unsafe) var text = ""
    }

    private func logged(journald: Bool, _ write: (Logger) -> Void) -> String {
        let lines = Lines()
        let clock = HostClock(now: { Timestamp(milliseconds: 0) })
        let handler = LineLogHandler(form: journald ? .journald : .dated, clock: clock) { lines.text += $0 }
        write(Logger(label: "test", factory: { _ in handler }))
        return lines.text
    }

    @Test("under journald a line begins with its priority; elsewhere with time and level")
    func prefix() {
        #expect(logged(journald: true) { $0.warning("poll failed") } == "<4>poll failed\n")
        #expect(logged(journald: true) { $0.error("x") } == "<3>x\n")
        #expect(logged(journald: false) { $0.info("poll") } == "1970-01-01 00:00:00 info poll\n")
    }

    @Test("metadata is sorted and quoted where needed")
    func metadata() {
        let line = logged(journald: true) { $0.info("m", metadata: ["b": "two words", "a": "1", "c": "say \"x\""]) }
        #expect(line == #"<6>m a=1 b="two words" c="say \"x\"""# + "\n")
    }

    @Test("a value cannot forge a second line or move the cursor")
    func injection() {
        let line = logged(journald: true) { $0.info("m", metadata: ["a": "x\n<3>forged\u{1B}[2J"]) }
        #expect(line == "<6>m a=\"x\\n<3>forged [2J\"\n")
    }
}
