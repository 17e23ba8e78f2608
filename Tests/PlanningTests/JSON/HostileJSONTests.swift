import Model
import Planning
import Testing

@Suite("Hostile JSON")
struct HostileJSONTests {
    private static func failure(_ bytes: [UInt8]) throws -> String {
        try #require(throws: PlanProblems.self) { try JSONDocument(file: "p", bytes: bytes) }.description
    }

    private static func failure(_ text: String) throws -> String { try failure(Array(text.utf8)) }

    @Test("nesting is limited")
    func nesting() throws {
        let arrays = String(repeating: "[", count: 100_000)
        #expect(try Self.failure(arrays) == "p:1:65: is nested deeper than 64 levels")
        #expect(try Self.failure(String(repeating: "{\"a\":", count: 100_000)).hasSuffix("deeper than 64 levels"))
        let allowed = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(throws: Never.self) { try JSONDocument(file: "p", bytes: Array(allowed.utf8)) }
    }

    @Test("size, values and names are limited")
    func size() throws {
        #expect(try Self.failure(String(repeating: " ", count: 4 << 20) + "{}") == "p:1:1: is larger than 4 MiB")
        let values = "[" + String(repeating: "1,", count: 300_000) + "1]"
        #expect(try Self.failure(values).hasSuffix("has more than 200000 values"))
        let name = String(repeating: "n", count: 2000)
        #expect(try Self.failure("{\"\(name)\": 1}") == "p:1:2: a name is longer than 1024 bytes")
    }

    @Test(
        "of problems without end in one line the first are told, and to say where one is takes no walk along the line")
    func problemsInOneLine() throws {
        let text = "[" + String(repeating: "\"e\u{301}\",", count: 20_000) + "1]"
        let problems = try #require(throws: PlanProblems.self) { try JSONDocument(file: "p", bytes: Array(text.utf8)) }
        #expect(problems.problems.count == 200)
        let document = try JSONDocument(file: "p", bytes: Array("[\(String(repeating: "1,", count: 20_000))1]".utf8))
        #expect(document.position(of: "/20000") == SourcePosition(line: 1, column: 40_002))
    }

    @Test(
        "a name of marks without end is refused before anything looks for it, which took minutes (issue 11)",
        .timeLimit(.minutes(1)), arguments: ["\u{301}\u{323}", #"\u0301\u0323"#])
    func crowdInName(marks: String) throws {
        for count in [100, 100_000] {
            let text = "{\"k\(String(repeating: marks, count: count))\": {\"a\": [1]}}"
            let why = count == 100 ? "has too many marks on one letter" : "is longer than 1024 bytes"
            #expect(try Self.failure(text) == "p:1:2: a name \(why)")
        }
        #expect(try Self.failure("{\"k\(String(repeating: marks, count: 15))\": {}}").contains("can be taken for"))
    }

    @Test("numbers without end are parsed or refused, never trusted to fit")
    func numbers() throws {
        let digits = String(repeating: "9", count: 1_000_000)
        #expect(try Self.failure("[\(digits)]") == "p:1:2: a number is too large")
        #expect(try Self.failure("[1e\(digits)]") == "p:1:2: a number is too large")
        let tiny = try JSONDocument(file: "p", bytes: Array("[1e-\(digits)]".utf8))
        #expect(tiny.value[pointer: "/0"]?.number == 0)
        let great = JSONValue.number("18446744073709551616")
        #expect(great.integer == nil && great.number == 18_446_744_073_709_551_616)
    }

    @Test("a NUL does not hide what follows it")
    func nul() throws {
        #expect(try Self.failure("{}\0{\"privileged\": true}") == "p:1:3: has a NUL byte; save the file as UTF-8 text")
        #expect(try Self.failure("{\"a\": \"\0\"}").contains("has a NUL byte"))
        let escaped = try JSONDocument(file: "p", bytes: Array(#"["a\u0000b"]"#.utf8))
        #expect(escaped.value[pointer: "/0"] == .string("a\0b"))
    }

    @Test(
        "lone surrogates are refused",
        arguments: [#"["\ud800"]"#, #"["\udc00"]"#, #"["\ud800x"]"#, #"["\ud800\ud800"]"#, #"["\ud800\u0041"]"#])
    func surrogates(text: String) throws {
        #expect(try Self.failure(text).contains("half of a surrogate pair stands in a text"))
    }

    @Test(
        "bytes that are not UTF-8 are refused where they stand",
        arguments: [
            [0xFF], [0xC0, 0xAF], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0x80],
        ] as [[UInt8]])
    func invalidUTF8(bytes: [UInt8]) throws {
        let inText = Array("[\n\"é".utf8) + bytes + Array("\"]".utf8)
        #expect(try Self.failure(inText) == "p:2:3: is not UTF-8 here; save the file as UTF-8")
        #expect(try Self.failure(Array("[1, ".utf8) + bytes + Array("]".utf8)).contains("is not UTF-8 here"))
    }

    @Test(
        "UTF-16 is named", arguments: [[0xFF, 0xFE, 0x7B, 0x00], [0xFE, 0xFF, 0x00, 0x7B], [0x7B, 0x00, 0x7D, 0x00]])
    func utf16(bytes: [UInt8]) throws {
        #expect(try Self.failure(bytes) == "p:1:1: is UTF-16; save the file as UTF-8")
    }

    @Test("every beginning of a plan is refused or parsed, never more")
    func truncation() throws {
        let bytes = ExamplePlan.bytes
        for count in 0..<(bytes.count - 1) {
            #expect(throws: PlanProblems.self) { try JSONDocument(file: "p", bytes: Array(bytes[..<count])) }
        }
    }
}
