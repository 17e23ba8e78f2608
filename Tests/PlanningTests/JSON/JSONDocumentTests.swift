import Model
import Planning
import Testing

@Suite("Positions in a JSON document")
struct JSONDocumentTests {
    private static let text = """
        {
          "stack": "acme",
          "containers": {
            "web": { "image": "web:1",
                     "cpus": 1.5 },
            "größe/~": [
              1,
              -2e3
            ]
          },
          "pids":
            17
        }
        """

    private static func document() throws -> JSONDocument {
        try JSONDocument(file: "plan.json", bytes: Array(text.utf8))
    }

    @Test(
        "a member is found at its name, an element at its value, what is missing at its parent",
        arguments: [
            ("", 1, 1), ("/stack", 2, 3), ("/containers", 3, 3), ("/containers/web", 4, 5),
            ("/containers/web/image", 4, 14), ("/containers/web/cpus", 5, 14), ("/containers/größe~1~0", 6, 5),
            ("/containers/größe~1~0/0", 7, 7), ("/containers/größe~1~0/1", 8, 7), ("/pids", 11, 3),
            ("/containers/web/ports/0", 4, 5), ("/containers/größe~1~0/2", 6, 5), ("/nothing", 1, 1),
        ])
    func position(pointer: String, line: Int, column: Int) throws {
        #expect(try Self.document().position(of: pointer) == SourcePosition(line: line, column: column))
    }

    @Test(
        "a value is found where it begins",
        arguments: [
            ("/stack", 2, 12), ("/containers/web", 4, 12), ("/containers/web/cpus", 5, 22), ("/pids", 12, 5),
            ("/containers/größe~1~0", 6, 16),
        ])
    func valuePosition(pointer: String, line: Int, column: Int) throws {
        #expect(try Self.document().valuePosition(of: pointer) == SourcePosition(line: line, column: column))
    }

    @Test("numbers keep their literal, also at the end of a line and of the file")
    func literals() throws {
        let document = try Self.document()
        #expect(document.value["containers"]?["web"]?["cpus"] == .number("1.5"))
        #expect(document.value[pointer: "/containers/größe~1~0/1"] == .number("-2e3"))
        #expect(document.value["pids"] == .number("17"))
        #expect(try JSONDocument(file: "n", bytes: Array("-0".utf8)).value == .number("-0"))
        let great = "123456789012345678901234567890"
        #expect(try JSONDocument(file: "n", bytes: Array(great.utf8)).value == .number(great))
    }

    @Test("lines are counted the same with CR LF")
    func carriageReturns() throws {
        let text = Self.text.replacing("\n", with: "\r\n")
        let document = try JSONDocument(file: "plan.json", bytes: Array(text.utf8))
        #expect(document.position(of: "/pids") == SourcePosition(line: 11, column: 3))
        #expect(document.position(of: "/containers/web/cpus") == SourcePosition(line: 5, column: 14))
    }

    @Test("escapes are decoded, surrogate pairs too")
    func escapes() throws {
        let text = #"{"a\"\u00e9": "\ud83d\ude80\n\/"}"#
        #expect(try JSONDocument(file: "e", bytes: Array(text.utf8)).value == .object(["a\"é": .string("🚀\n/")]))
    }

    @Test("names are listed as they stand in the file")
    func names() throws {
        #expect(try Self.document().names(at: "") == ["stack", "containers", "pids"])
        #expect(try Self.document().names(at: "/containers") == ["web", "größe/~"])
        #expect(try Self.document().names(at: "/stack") == [])
        #expect(try Self.document().names(at: "/nothing") == [])
    }

    @Test("every name that stands twice is a problem of its own")
    func duplicates() throws {
        let text = """
            {"a": 1,
             "b": {"c": 1, "c": 2},
             "a": 3,
             "\\u0061": 4}
            """
        let error = try #require(throws: PlanProblems.self) { try JSONDocument(file: "p", bytes: Array(text.utf8)) }
        #expect(
            error.description == """
                p:2:16 /b/c: 'c' is given twice; remove one of the two
                p:3:2 /a: 'a' is given twice; remove one of the two
                p:4:2 /a: 'a' is given twice; remove one of the two
                """)
        #expect(error.disposition == .permanent)
        #expect(error.message.hasPrefix("3 problems, the first: p:2:16 /b/c: 'c' is given twice"))
    }
}
