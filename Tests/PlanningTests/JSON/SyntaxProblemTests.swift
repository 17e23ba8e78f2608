import Model
import Planning
import Testing

@Suite("Syntax errors")
struct SyntaxProblemTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let expected: String
        var testDescription: String { text.debugDescription }

        init(_ text: String, _ expected: String) {
            self.text = text
            self.expected = expected
        }
    }

    private static let cases = [
        Case("", "p:1:1: is empty; write a JSON object, {…}"),
        Case(" \n\t ", "p:1:1: is empty; write a JSON object, {…}"),
        Case("{\"a\": 1,\n}", "p:1:8: a ',' follows the last entry; remove the ','"),
        Case("{\"a\": [1, 2 , ]}", "p:1:13: a ',' follows the last entry; remove the ','"),
        Case("[1,,2]", "p:1:4: a ',' stands where an entry is expected; remove the ','"),
        Case("[,1]", "p:1:2: a ',' stands where an entry is expected; remove the ','"),
        Case("{\n// hello\n\"a\": 1}", "p:2:1: JSON has no comments; remove the comment"),
        Case("{\"a\": 1} # end", "p:1:10: JSON has no comments; remove the comment"),
        Case("{\"a\": /* b */ 1}", "p:1:7: JSON has no comments; remove the comment"),
        Case("{\"a\": 1\n \"b\": 2}", "p:1:8: a ',' is missing; add ',' between the two entries"),
        Case("[\"a\" \"b\"]", "p:1:5: a ',' is missing; add ',' between the two entries"),
        Case("[{} {}]", "p:1:4: a ',' is missing; add ',' between the two entries"),
        Case("{\"a\" 1}", "p:1:5: a ':' is missing behind the name; write \"name\": value"),
        Case("{\"a\"}", "p:1:5: a ':' is missing behind the name; write \"name\": value"),
        Case("{\"a\": }", "p:1:7: a value is missing behind ':'"),
        Case("{\"a\":, \"b\": 1}", "p:1:6: a value is missing behind ':'"),
        Case("{a: 1}", "p:1:2: a name must stand in double quotes; write \"name\": value"),
        Case("{'a': 1}", "p:1:2: a name must stand in double quotes; write \"name\": value"),
        Case("{\"b\": 2, 1: 1}", "p:1:10: a name must stand in double quotes; write \"name\": value"),
        Case("{\"a\": 'hunter2'}", "p:1:7: a text must stand in double quotes; write \"text\""),
        Case("{\"a\": hunter2}", "p:1:7: a text must stand in double quotes; write \"text\""),
        Case("{\"a\": “hunter2”}", "p:1:7: a text must stand in double quotes; write \"text\""),
        Case("{\"a\": True}", "p:1:7: this word is not JSON; write true"),
        Case("{\"a\": None}", "p:1:7: this word is not JSON; write null"),
        Case("[NaN]", "p:1:2: this word is not JSON; write a number"),
        Case(
            "{\"a\": \"b\n}",
            "p:1:7: a text is not closed on its line; add '\"' where it ends; a line break is written \\n"),
        Case(
            "{\"a\": \"b",
            "p:1:7: a text is not closed on its line; add '\"' where it ends; a line break is written \\n"),
        Case("{\"a\": \"b\tc\"}", "p:1:9: the control character U+0009 stands in a text; write \\t"),
        Case("{\"a\": \"b\u{1}c\"}", "p:1:9: the control character U+0001 stands in a text; write \\u0001"),
        Case("{\"a\": \"\\d+\"}", "p:1:9: an unknown escape stands in a text; write \\\\ for a backslash"),
        Case("{\"a\": \"\\u12g4\"}", "p:1:12: '\\u' stands without four hexadecimal digits; write for example \\u00e9"),
        Case("{\"a\": {\n\"b\": [1, 2\n", "p:3:1: the file ends before the '[' of line 2 is closed; add ']'"),
        Case("{\"a\": {\n\"b\": 1}\n", "p:3:1: the file ends before the '{' of line 1 is closed; add '}'"),
        Case("{", "p:1:2: the file ends before the '{' of line 1 is closed; add '}'"),
        Case("{\"a\": [1}", "p:1:9: '}' cannot close the '[' of line 1; write ']'"),
        Case("{\n\"a\": 1]", "p:2:7: ']' cannot close the '{' of line 1; write '}'"),
        Case("{} {}", "p:1:4: the document has ended before; remove what follows its last bracket"),
        Case("{}}", "p:1:3: the document has ended before; remove what follows its last bracket"),
        Case("{\"a\": 012}", "p:1:7: a number begins with 0; remove the 0"),
        Case("{\"a\": -01}", "p:1:7: a number begins with 0; remove the 0"),
        Case(
            "{\"a\": +1}",
            "p:1:7: a number is malformed; write for example 10, -1, 0.5 or 1e3; a text stands in double quotes"),
        Case(
            "{\"a\": .5}",
            "p:1:7: a number is malformed; write for example 10, -1, 0.5 or 1e3; a text stands in double quotes"),
        Case(
            "{\"a\": 1.}",
            "p:1:7: a number is malformed; write for example 10, -1, 0.5 or 1e3; a text stands in double quotes"),
        Case(
            "{\"a\": 1.2.3}",
            "p:1:7: a number is malformed; write for example 10, -1, 0.5 or 1e3; a text stands in double quotes"),
        Case(
            "{\"a\": -}",
            "p:1:7: a number is malformed; write for example 10, -1, 0.5 or 1e3; a text stands in double quotes"),
        Case("{\"a\": 0x10}", "p:1:7: a text must stand in double quotes; write \"text\""),
        Case("{\"memory\": 512MiB}", "p:1:12: a text must stand in double quotes; write \"text\""),
        Case("{\"a\": 1e999}", "p:1:7: a number is too large"),
        Case("{\"a\": @}", "p:1:7: '@' cannot stand here"),
        Case("{\"a\": =}", "p:1:7: '=' cannot stand here"),
        Case("\u{FEFF}{}", "p:1:1: begins with a byte order mark; save the file as UTF-8 without a BOM"),
        Case("]", "p:1:1: ']' cannot stand here"),
        Case("{\"é\": 1, \"a\": ?}", "p:1:15: '?' cannot stand here"),
    ]

    @Test("is said with its line, its column and what to write instead", arguments: cases)
    func wording(_ example: Case) throws {
        let error = try #require(throws: PlanProblems.self) {
            try JSONDocument(file: "p", bytes: Array(example.text.utf8))
        }
        #expect(error.description == example.expected)
    }

    @Test("never quote the text, which may hold a secret", arguments: cases)
    func secrets(_ example: Case) throws {
        let error = try #require(throws: PlanProblems.self) {
            try JSONDocument(file: "p", bytes: Array(example.text.utf8))
        }
        #expect(!error.description.contains("hunter2"))
    }
}
