import Foundation
import Planning
import PodmanEngine
import TestSupport
import Testing

@Suite("Building an image", .enabled(if: EngineFixture.canRun))
struct BuildTests {
    /// A build context whose image starts from a test image of the sandbox.
    private func context(_ fixture: EngineFixture, _ steps: String, recipe: String = "Containerfile") async throws
        -> Scratch
    {
        let base = "localhost/\(fixture.sandbox.id)-base:1"
        try await fixture.sandbox.load(PodmanTestImage("base"), as: base)
        let scratch = try Scratch()
        try scratch.write("FROM \(base)\n\(steps)\n", to: recipe)
        return scratch
    }

    @Test("gives an image with the tag and the labels, and tells each step")
    func builds() async throws {
        try await EngineFixture.with { fixture in
            let context = try await context(
                fixture, "COPY page /www/page\nRUN [\"/bin/touch\", \"/made\"]", recipe: "Dockerfile")
            try context.write("hello", to: "page")
            let tag = "localhost/\(fixture.sandbox.id):abc"
            let heard = Heard()
            let image = try await fixture.engine.build(
                directory: context.path, tag: tag, labels: ["io.fairlead.stack": "a \"b\""]
            ) { heard.add($0) }
            #expect(image.names == [tag])
            #expect(heard.all.contains { $0.hasPrefix("STEP 2/") })
            let label = try await fixture.sandbox.podman(
                "image", "inspect", "--format", #"{{index .Labels "io.fairlead.stack"}}"#, tag)
            #expect(label == "a \"b\"")
        }
    }

    @Test("takes steps whose input is the same from the cache, whatever the dates of the files")
    func cache() async throws {
        try await EngineFixture.with { fixture in
            let context = try await context(fixture, "COPY page /www/page\nCOPY other /www/other")
            try context.write("hello", to: "page")
            try context.write("other", to: "other")
            let heard = Heard()
            func build() async throws -> StoredImage {
                let tag = "localhost/\(fixture.sandbox.id):abc"
                return try await fixture.engine.build(directory: context.path, tag: tag, labels: [:]) { heard.add($0) }
            }
            let first = try await build()
            try context.write("hello", to: "page")
            #expect(try await build().id == first.id)
            let told = heard.all.count
            try context.write("OTHER", to: "other")
            #expect(try await build().id != first.id)
            #expect(heard.all.dropFirst(told).filter { $0.contains("Using cache") }.count == 1)
        }
    }

    @Test("that fails tells the failing step and the last lines, and leaves nothing behind")
    func fails() async throws {
        try await EngineFixture.with { fixture in
            let context = try await context(fixture, "RUN echo compiling && echo missing header >&2 && exit 9")
            let error = await engineError {
                try await fixture.engine.build(directory: context.path, tag: "localhost/a:1", labels: [:]) { _ in }
            }
            #expect(error?.message.contains("missing header") == true)
            #expect(error?.message.contains("exit status 9") == true)
            #expect(error?.message.contains("\n") == false)
            #expect(error?.disposition == .permanent)
            #expect(try await fixture.sandbox.podman("ps", "--all", "--external", "--quiet").isEmpty)
            let empty = try Scratch()
            let bare = await engineError {
                try await fixture.engine.build(directory: empty.path, tag: "localhost/a:1", labels: [:]) { _ in }
            }
            #expect(bare?.message.contains("neither 'Containerfile' nor 'Dockerfile'") == true)
        }
    }
}
