import Model
import Planning
import Testing

@Suite("JSON Schema, draft 7")
struct JSONSchemaTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let schema: String
        let value: String
        /// The messages; none if the value is valid.
        let expected: [String]
        var testDescription: String { "\(value) against \(schema)" }

        init(_ schema: String, _ value: String, _ expected: String...) {
            self.schema = schema
            self.value = value
            self.expected = expected
        }
    }

    private static let cases: [Case] = [
        Case(#"true"#, "1"),
        Case(#"{}"#, "null"),
        Case(#"{"type": "integer"}"#, "18446744073709551615"),
        Case(#"{"type": "integer"}"#, "-9223372036854775808"),
        Case(#"{"type": "integer"}"#, "1e1", "must be a whole number, is 1e1"),
        Case(#"{"type": ["string", "null"]}"#, "null"),
        Case(#"{"type": ["string", "null"]}"#, "[]", "must be a string, is a list"),
        Case(#"{"const": {"a": [1, null]}}"#, #"{"a": [1, null]}"#),
        Case(#"{"const": "x"}"#, #""y""#, "must be 'x', is 'y'"),
        Case(#"{"enum": [1, "a", null]}"#, "true", "must be 1, 'a' or null, is true"),
        Case(#"{"pattern": "^a+$"}"#, #""aaa""#),
        Case(#"{"pattern": "^a+$"}"#, #""aab""#, "'aab' does not match '^a+$'"),
        Case(#"{"pattern": "^a+$"}"#, #""a\n""#, "'a ' does not match '^a+$'"),
        Case(#"{"pattern": "^a+$", "writeOnly": true, "x-form": "an a"}"#, #""hunter2""#, "the text is not an a"),
        Case(#"{"pattern": "b"}"#, #""abc""#),
        Case(#"{"pattern": "^a+$"}"#, "7"),
        Case(#"{"minLength": 2}"#, #""é""#, "must have at least 2 characters, has 1"),
        Case(#"{"maxLength": 2}"#, #""éé🚀""#, "must have at most 2 characters, has 3"),
        Case(#"{"minimum": 1, "maximum": 3}"#, "3"),
        Case(#"{"minimum": 1, "maximum": 3}"#, "0.5", "must be at least 1, is 0.5"),
        Case(#"{"exclusiveMaximum": 3}"#, "3", "must be less than 3, is 3"),
        Case(#"{"minItems": 2}"#, "[1]", "must have at least 2 entries, has 1"),
        Case(#"{"maxItems": 1}"#, "[1, 2]", "must have at most 1 entries, has 2"),
        Case(#"{"uniqueItems": true}"#, #"[{"a": 1}, {"a": 1}]"#, "an object stands twice in the list"),
        Case(#"{"items": {"type": "string"}}"#, "[1]", "must be a string, is a number"),
        Case(#"{"properties": {"a": {}}, "additionalProperties": false}"#, #"{"b": 1}"#, "unknown key 'b'"),
        Case(#"{"patternProperties": {"^x-": {}}, "additionalProperties": false}"#, #"{"x-a": 1}"#),
        Case(#"{"patternProperties": {"^x-": {"type": "string"}}}"#, #"{"x-a": 1}"#, "must be a string, is a number"),
        Case(#"{"additionalProperties": {"type": "string"}}"#, #"{"a": 1}"#, "must be a string, is a number"),
        Case(#"{"propertyNames": {"maxLength": 2}}"#, #"{"abc": 1}"#, "must have at most 2 characters, has 3"),
        Case(#"{"required": ["a"]}"#, "{}", "'a' is missing"),
        Case(#"{"minProperties": 1}"#, "{}", "must not be empty"),
        Case(#"{"properties": {"a": false}}"#, #"{"a": 1}"#, "is not allowed here"),
        Case(#"{"not": {"type": "string"}}"#, #""a""#, "is not allowed here"),
        Case(#"{"allOf": [{"type": "string"}, {"minLength": 2}]}"#, #""a""#, "must have at least 2 characters, has 1"),
        Case(#"{"anyOf": [{"type": "string"}, {"minimum": 2}]}"#, "1", "must be at least 2, is 1"),
        Case(#"{"anyOf": [{"type": "string"}, {"type": "string"}]}"#, #""a""#),
        Case(#"{"oneOf": [{"type": "string"}, {"maxLength": 2}]}"#, #""a""#, "has more than one form"),
        Case(
            #"{"oneOf": [{"type": "string"}, {"type": "integer"}]}"#, "null",
            "must be a string or a whole number, is null"),
        Case(
            #"{"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"minimum": 3}}"#, "2",
            "must be at least 3, is 2"),
        Case(
            #"{"if": {"type": "string"}, "then": {"minLength": 2}}"#, #""a""#, "must have at least 2 characters, has 1"),
        Case(
            ##"{"$ref": "#/definitions/a~1b", "definitions": {"a/b": {"type": "string"}}}"##, "1",
            "must be a string, is a number"),
        Case(
            ##"{"properties": {"child": {"$ref": "#"}}, "additionalProperties": false}"##,
            #"{"child": {"child": {"x": 1}}}"#, "unknown key 'x'"),
        // No words of ours: valijson's own.
        Case(#"{"multipleOf": 2}"#, "3", "Value should be a multiple of 2"),
        Case(#"{"dependencies": {"a": ["b"]}}"#, #"{"a": 1}"#, "Missing dependency 'b'."),
    ]

    @Test("is decided by valijson and worded by us", arguments: cases)
    func verdict(_ example: Case) throws {
        let schema = try JSONSchema(Array(example.schema.utf8))
        let document = try JSONDocument(file: "v", bytes: Array(example.value.utf8))
        #expect(schema.problems(of: document).map(\.message) == example.expected)
    }

    @Test("a value in the document's place is looked up in the document")
    func valueInPlace() throws {
        let schema = try JSONSchema(Array(#"{"additionalProperties": {"type": "string"}}"#.utf8))
        let document = try JSONDocument(file: "v", bytes: Array("{\n\"a\": \"x\",\n\"b\": \"y\"}".utf8))
        let value = JSONValue.object(["a": .string("x"), "b": .number("1"), "c": .null])
        #expect(
            schema.problems(of: document, at: value).map(\.description) == [
                "v:1 /c: must be a string, is null; leave it out", "v:3 /b: must be a string, is a number; write \"1\"",
            ])
    }

    @Test(
        "an unusable schema is refused with the reason",
        arguments: [
            "", "{", "[]", #"{"type": 7}"#, #"{"type": "text"}"#, #"{"$ref": "http://example.com/x"}"#,
            #"{"pattern": 1}"#,
        ])
    func unusable(schema: String) {
        #expect { try JSONSchema(Array(schema.utf8)) } throws: { "\($0)".hasPrefix("the json schema is unusable: ") }
    }

    @Test("an unusable schema in the program refuses every document")
    func unusableEmbedded() throws {
        let document = try JSONDocument(file: "v", bytes: Array("{}".utf8))
        #expect(JSONSchema(embedded: Array("{".utf8)).problems(of: document).count == 1)
    }
}
