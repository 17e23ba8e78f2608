import Model
import Testing

@testable import Commands

@Suite("A failure is told once, in lines that fit")
struct WrappedTextTests {
    private static let text = "the database did not become healthy within five seconds"

    @Test(
        "lines break at words and go on below themselves; a pipe gets one line",
        arguments: [
            (nil, 4, [text]), (80, 4, [text]),
            (30, 4, ["the database did not", "    become healthy within five", "    seconds"]),
            // No room to speak of.
            (22, 4, [text]),
            (24, 0, ["the database did not", "become healthy within", "five seconds"]),
        ] as [(Int?, Int, [String])])
    func wrap(columns: Int?, indent: Int, lines: [String]) {
        let wrapped = WrappedText(columns: columns).lines(Self.text, indent: indent)
        #expect(wrapped == lines)
        if let columns, wrapped.count > 1 { #expect(wrapped.dropFirst().allSatisfy { $0.count <= columns }) }
    }

    @Test("a word that is longer than the line stands alone, colours take no room, and spaces stay")
    func words() {
        let long = String(repeating: "x", count: 40)
        #expect(WrappedText(columns: 30).lines("a \(long) b", indent: 0) == ["a", long, "b"])
        let red = "\u{1B}[31mthe database did not\u{1B}[0m become"
        #expect(WrappedText(columns: 27).lines(red, indent: 0) == [red])
        #expect(WrappedText(columns: 80).lines("a  b", indent: 0) == ["a  b"])
    }

    @Test("the last cell of a table goes on below itself; what is copied as it stands is not broken")
    func table() {
        var table = TextTable(indentation: 2, columns: 40)
        table.add(.init("reason"), .init(Self.text))
        table.add(.init("way back"), .verbatim("git revert --no-edit 753724fca9 && git push"))
        #expect(
            table.lines == [
                "  reason    the database did not become",
                "            healthy within five seconds",
                "  way back  git revert --no-edit 753724fca9 && git push",
            ])
    }

    @Test("the reason comes first, the advice on the next line, the log below")
    func failure() {
        let error = "container 'web' ended (exit status 3); its last lines: no such table (9 times) | bye"
        #expect(
            FailureText(error, hint: "mend it").lines(TextStyle(), margin: "  ") == [
                "  container 'web' ended (exit status 3)", "  mend it", "  | no such table (9 times)", "  | bye",
            ])
        #expect(
            ErrorReport(error: error, hint: "mend it").lines(TextStyle()) == [
                "error: container 'web' ended (exit status 3)", "hint: mend it", "  | no such table (9 times)",
                "  | bye",
            ])
        let wording = ProgressWording(style: TextStyle())
        #expect(
            wording.stepEnded(.finalise, .seconds(1), error: error) == [
                "✗ health gate  1 s  container 'web' ended (exit status 3)", "    | no such table (9 times)",
                "    | bye",
            ])
    }

    @Test("COLUMNS is the width, also for a pipe")
    func columns() async throws {
        let host = try CommandFixture(environment: ["COLUMNS": "60"])
        let commit = try host.commit("1.0.0", "Install")
        let error = "container 'web' did not become healthy within 5 s: status 404; its last lines: a | a"
        try await host.recordDeployment(
            of: commit, subject: "Install", outcome: .refused, error: error, hint: "mend the image and commit")
        let history = await host.run("history").output
        #expect(
            history.hasSuffix(
                """
                     container 'web' did not become healthy within 5 s:
                     status 404
                     mend the image and commit
                     | a
                     | a

                """), "\(history)")
        let shown = await host.run("show", "1").output
        #expect(shown.ranges(of: "did not become").count == 1, "\(shown)")
    }
}
