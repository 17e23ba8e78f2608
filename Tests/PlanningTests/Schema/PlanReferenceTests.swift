import Foundation
import Planning
import Testing

@Suite("The reference page of the plan")
struct PlanReferenceTests {
    private static let page = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../docs/plan-reference.md").standardized

    @Test("docs/plan-reference.md is what the schema says (RECORD=1 writes it anew)")
    func isGenerated() throws {
        let generated = PlanReference.markdown(schema: .plan)
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try Data(generated.utf8).write(to: Self.page)
        }
        #expect(try String(contentsOf: Self.page, encoding: .utf8) == generated)
    }

    @Test("every key of the plan has a row, and every object a section")
    func isComplete() {
        let page = PlanReference.markdown(schema: .plan)
        for key in ["schemaVersion", "registries", "startPeriod", "sha256", "build", "restartAfter", "secretFiles"] {
            #expect(page.contains("| `\(key)` |"), "'\(key)' has no row")
        }
        for path in ["containers.NAME.health.http", "containers.NAME.volumes[]", "maintenance.cleanup"] {
            #expect(page.contains("`\(path)`"), "'\(path)' has no section")
        }
    }

    @Test("a schema of another document gives a page of its own")
    func isGeneric() throws {
        let schema = """
            {"title": "Thing", "description": "A thing.", "type": "object", "required": ["b"], "properties": {
              "b": {"description": "B|b.", "type": "integer", "minimum": 1, "examples": [3]},
              "a": {"description": "A.", "type": "array", "items": {"type": "string"}, "default": []}}}
            """
        let page = try PlanReference.markdown(schema: JSONSchema(Array(schema.utf8)))
        #expect(
            page == """
                # Thing

                <!-- Generated from the JSON Schema; do not edit. -->

                A thing.

                | Key | Value | Default | Meaning |
                |---|---|---|---|
                | `b` | a whole number from 1 | **required** | B\\|b. Example: `3` |
                | `a` | list of strings | `[]` | A. |

                """)
    }
}
