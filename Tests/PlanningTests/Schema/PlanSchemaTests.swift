import Foundation
import Model
import Planning
import Testing

@Suite("The schema of the plan")
struct PlanSchemaTests {
    /// Every place in the schema that holds a schema.
    struct Place: Sendable, CustomTestStringConvertible {
        let pointer: String
        let value: JSONValue
        var testDescription: String { pointer }
        /// A part of `oneOf` that only names required members describes nothing.
        var isCondition: Bool { value.object?.keys.elementsEqual(["required"]) ?? true }
    }

    private static let root = try? JSONDocument(file: "schema", bytes: Array(JSONSchema.plan.text.utf8)).value

    private static func places(_ value: JSONValue?, at pointer: String = "") -> [Place] {
        guard let value, let members = value.object else { return [] }
        let maps = ["properties", "patternProperties", "definitions"].flatMap { keyword in
            (members[keyword]?.object ?? [:]).map { ("\(pointer)/\(keyword)/\($0)", $1) }
        }
        let lists = ["oneOf", "anyOf", "allOf"].flatMap { keyword in
            (members[keyword]?.array ?? []).enumerated().map { ("\(pointer)/\(keyword)/\($0)", $1) }
        }
        let single = ["items", "additionalProperties", "propertyNames"].compactMap { keyword in
            members[keyword].map { ("\(pointer)/\(keyword)", $0) }
        }
        return [Place(pointer: pointer, value: value)]
            + (maps + lists + single).flatMap { places($1, at: $0) }.sorted { $0.pointer < $1.pointer }
    }

    private static let all = places(root)

    @Test("the plan of the design is valid")
    func example() throws {
        #expect(try ExamplePlan.problems(of: ExamplePlan.text) == [])
        #expect(
            try ExamplePlan.problems(
                of: #"{"schemaVersion": 1, "stack": "a", "version": "1", "containers": {"web": {"image": "web"}}}"#)
                == [])
    }

    @Test("a plan with every key is valid")
    func everyKey() throws {
        let container = """
            {"image": {"archive": "https://files.example.com/web.tar.zst", "sha256": "\(String(repeating: "0a", count: 32))"},
             "active": true, "entrypoint": ["/init"], "command": ["serve"], "environment": {"A_B": ""},
             "volumes": [{"data": "web", "target": "/data", "owner": "1:2", "mode": "755", "readOnly": true},
                         {"path": "/mnt/share", "target": "/share"}],
             "files": [{"source": "files/a", "target": "/a"}],
             "secretFiles": [{"secret": "tls-key", "target": "/run/tls.key", "owner": "0:0", "mode": "0400"}],
             "dependsOn": ["database"], "ports": ["[::1]:8080:80/udp", "${variable:port}:80"],
             "health": {"tcp": 5432, "interval": "500ms", "timeout": "1s", "retries": 1, "startPeriod": "2h"},
             "resources": {"memory": "${variable:memory}", "cpus": 0.5, "pids": 10}, "stopTimeout": "1m", "init": false,
             "user": "web:web", "workingDirectory": "/srv", "hostname": "web", "privileged": true, "readOnly": true,
             "capabilities": {"add": ["NET_ADMIN"], "drop": ["ALL"]}, "tmpfs": ["/tmp"], "labels": {"a.b/c": "d"}}
            """
        let text = """
            {"schemaVersion": 1, "stack": "acme", "version": "3.43.2", "onFailure": "previous",
             "containers": {"web": \(container), "built": {"image": {"build": "images/web"}}, "database": {"image": "db"}},
             "sizes": {"small": {"variables": {"memory": "1GiB"}, "containers": {"web": null}, "mail": null}}}
            """
        #expect(try ExamplePlan.problems(of: text) == [])
    }

    @Test("every node has a description", arguments: all)
    func description(of place: Place) {
        let description = place.value["description"]?.string ?? place.value["$ref"]?.string
        #expect(place.isCondition || description?.isEmpty == false)
    }

    @Test("every definition, every key and every form has a title", arguments: all)
    func title(of place: Place) {
        let parts = JSONPointer.parts(of: place.pointer)
        let isNamed = ["properties", "definitions", "oneOf"].contains(parts.dropLast().last ?? "properties")
        #expect(!isNamed || place.isCondition || place.value["title"] != nil || place.value["$ref"] != nil)
    }

    @Test("every node has an example, a default or fixed values", arguments: all)
    func exampleExists(at place: Place) {
        let keywords = ["examples", "default", "enum", "const", "$ref"]
        let isName = place.pointer.hasSuffix("/propertyNames")
        #expect(isName || place.isCondition || keywords.contains { place.value[$0] != nil })
    }

    @Test("every example and every default is valid at its place", arguments: all)
    func examplesAreValid(at place: Place) throws {
        // Local references need the definitions around them.
        guard let definitions = Self.root?["definitions"], let node = place.value.object else { return }
        let examples = (node["examples"]?.array ?? []) + [node["default"]].compactMap(\.self)
        let schema = JSONValue.object(["definitions": definitions, "allOf": .array([place.value])])
        let checked = try JSONSchema(schema.encoded())
        for example in examples {
            let document = try JSONDocument(file: "example", bytes: example.encoded())
            #expect(checked.problems(of: document) == [])
        }
    }

    @Test("no object allows unknown keys", arguments: all)
    func closed(at place: Place) {
        let isObject = place.value["type"] == .string("object")
        #expect(!isObject || place.value["additionalProperties"].map { $0 != .bool(true) } ?? false)
    }

    @Test("beside a '$ref' stand only texts, since validators ignore the rest", arguments: all)
    func references(at place: Place) throws {
        guard let reference = place.value["$ref"]?.string else { return }
        let texts: Set = ["$ref", "title", "description", "examples", "default", "x-form", "x-hint", "x-reach"]
        #expect(Set((place.value.object ?? [:]).keys).isSubset(of: texts))
        #expect(Self.root?[pointer: String(reference.dropFirst())] != nil)
    }
}
