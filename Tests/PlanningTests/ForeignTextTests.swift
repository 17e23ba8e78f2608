import Model
import Testing

@Suite("text of strangers")
struct ForeignTextTests {
    @Test(
        "what steers a terminal or turns the direction is written out, all else stays",
        arguments: [
            ("Raise web to 3.43.2", "Raise web to 3.43.2"), ("two\nlines\tand a tab", "two lines and a tab"),
            ("\u{1b}[2J", "<U+001B>[2J"), ("\u{0}\u{7f}\u{9b}", "<U+0000><U+007F><U+009B>"),
            ("a\u{202E}b\u{2066}c\u{200F}d", "a<U+202E>b<U+2066>c<U+200F>d"), ("\u{2028}\u{2029}", "<U+2028><U+2029>"),
            ("\u{FEFF}\u{AD}\u{200B}", "<U+FEFF><U+00AD><U+200B>"), ("\u{E0041}", "<U+E0041>"),
            ("👩‍👩‍👧 می‌خواهم Ünïcode", "👩‍👩‍👧 می‌خواهم Ünïcode"), ("", ""),
        ])
    func shown(text: String, expected: String) {
        #expect(ForeignText(text, limit: 100).description == expected)
    }

    @Test("it is cut at its limit of scalars, however few characters they are")
    func cut() {
        #expect(ForeignText("abcdef", limit: 6).description == "abcdef")
        #expect(ForeignText("abcdef", limit: 5).description == "abcde…")
        let tower = "a" + String(repeating: "\u{301}", count: 100_000)
        #expect(ForeignText(tower, limit: 10).description.unicodeScalars.count == 11)
    }

    @Test("of marks without end a letter keeps thirty, and what follows is shown (issue 11)")
    func marks() {
        let thirty = "a" + String(repeating: "\u{301}", count: 30)
        let text = thirty + String(repeating: "\u{323}", count: 500) + "b" + String(repeating: "\u{301}", count: 31)
        let shown = thirty + "…b" + String(repeating: "\u{301}", count: 30) + "…"
        #expect(Array(ForeignText(text, limit: 250).description.utf8) == Array(shown.utf8))
        #expect(Array(ForeignText(thirty, limit: 250).description.utf8) == Array(thirty.utf8))
    }

    @Test("of bytes no more is read than is shown, and a scalar that is cut in two is not shown")
    func bytes() {
        let bytes = Array(String(repeating: "é", count: 1000).utf8)
        let text = bytes.withUnsafeBytes { ForeignText($0, limit: 3) }
        #expect(text.description == "ééé…")
        let broken: [UInt8] = [0xFF, 0x41]
        let mended = broken.withUnsafeBytes { ForeignText($0, limit: 9) }
        #expect(mended.description == "\u{FFFD}A")
    }
}
