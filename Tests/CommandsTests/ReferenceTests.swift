import Commands
import Foundation
import Planning
import Testing

@Suite("Reference pages")
struct ReferenceTests {
    /// The root of the package; pages are recorded there with `RECORD=1`.
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test("docs/configuration-reference.md is what the schema says")
    func configuration() throws {
        let page = Self.root.appending(path: "docs/configuration-reference.md")
        let schema = try JSONSchema(Array(VSNConfiguration.schemaText.utf8))
        let text = PlanReference.markdown(schema: schema) + Self.overriding
        if ProcessInfo.processInfo.environment["RECORD"] != nil {
            try Data(text.utf8).write(to: page)
        }
        #expect(try String(contentsOf: page, encoding: .utf8) == text, "run the tests with RECORD=1")
    }

    private static let overriding = """

        ## Overriding the file

        The configuration is read from `/etc/fairlead/config.json`, from the file that `--config` names, or from the one
        in `FAIRLEAD_CONFIG`. Every key can be overridden: by an environment variable, `FAIRLEAD_` and the key in upper
        snake case with its parents (`repository.fallbackUrls` is `FAIRLEAD_REPOSITORY_FALLBACK_URLS`), and over that by
        `--set repository.fallbackUrls=…`. A list is written as JSON or with commas between, an object as JSON. Unknown
        keys and wrong values are errors, told all at once; `fairlead doctor` warns of misspelt variables.

        """
}
