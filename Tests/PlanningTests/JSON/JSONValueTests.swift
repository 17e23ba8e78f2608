import Foundation
import Model
import Planning
import Testing

@Suite("JSON values")
struct JSONValueTests {
    /// RFC 6901, section 5.
    private static let document = #"""
        {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8}
        """#

    private static func parse(_ text: String) throws -> JSONValue {
        try JSONDocument(file: "value", bytes: Array(text.utf8)).value
    }

    @Test(
        "the pointers of RFC 6901 lead to their values",
        arguments: [
            ("/foo/0", JSONValue.string("bar")), ("/", .number("0")), ("/a~1b", .number("1")), ("/c%d", .number("2")),
            ("/e^f", .number("3")), ("/g|h", .number("4")), (#"/i\j"#, .number("5")), ("/k\"l", .number("6")),
            ("/ ", .number("7")), ("/m~0n", .number("8")), ("/foo/2", nil), ("/foo/-1", nil), ("/foo/0/x", nil),
            ("/none", nil),
        ] as [(String, JSONValue?)])
    func pointer(pointer: String, expected: JSONValue?) throws {
        let value = try Self.parse(Self.document)
        #expect(value[pointer: pointer] == expected)
        #expect(value[pointer: ""] == value)
    }

    @Test("'~01' is '~1', not '/'")
    func tilde() {
        #expect(JSONPointer.parts(of: "/~01") == ["~1"])
        #expect(JSONPointer.child("a/~b", of: "/x") == "/x/a~1~0b")
    }

    @Test("the canonical text sorts names, keeps literals, escapes what it must, and parses to the same value")
    func canonical() throws {
        let value = try Self.parse(#"{"b": [1.50, -0, true, null], "a": "é\"\\\n\u0001\u001f/", "B": {}, "é": []}"#)
        let text = String(decoding: value.encoded(), as: UTF8.self)
        #expect(text == #"{"B":{},"a":"é\"\\\n\u0001\u001f/","b":[1.50,-0,true,null],"é":[]}"#)
        #expect(try Self.parse(text) == value)
    }

    @Test("coding and decoding gives the same value")
    func codable() throws {
        let value = try Self.parse(#"{"a": [1, 2.5, "x", null, false, {}], "b": 9007199254740993}"#)
        #expect(try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value)) == value)
    }
}
