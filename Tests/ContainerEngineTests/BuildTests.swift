import ContainerEngine
import Foundation
import Model
import TestSupport
import Testing

@Suite("Building an image", .enabled(if: EngineFixture.canRun), .timeLimit(.minutes(5)))
struct BuildTests {
    /// A build context whose image starts from a test image of the sandbox.
    static func context(_ fixture: EngineFixture, _ steps: String, recipe: String = "Containerfile") async throws
        -> Scratch
    {
        let base = "localhost/\(fixture.sandbox.id)-base:1"
        try await fixture.sandbox.load(PodmanTestImage("base"), as: base)
        let scratch = try Scratch()
        try scratch.write("FROM \(base)\n\(steps)\n", to: recipe)
        return scratch
    }

    @Test("gives an image with the tag and the labels, and tells each step", arguments: [BuildPolicy.isolated, .host])
    func builds(policy: BuildPolicy) async throws {
        try await EngineFixture.with(changing: .builds(policy)) { fixture in
            let context = try await Self.context(
                fixture, "COPY page /www/page\nRUN [\"/bin/touch\", \"/made\"]", recipe: "Dockerfile")
            try context.write("hello", to: "page")
            let tag = "localhost/\(fixture.sandbox.id):abc"
            let heard = Heard()
            let labels = ["io.fairlead.stack": "a \"b\" $c %d"]
            let image = try await fixture.build(context.path, as: tag, labels: labels, heard: heard)
            #expect(image.names == [tag])
            #expect(heard.all.contains { $0.hasPrefix("STEP 2/") })
            let label = try await fixture.sandbox.podman(
                "image", "inspect", "--format", #"{{index .Labels "io.fairlead.stack"}}"#, tag)
            #expect(label == "a \"b\" $c %d")
        }
    }

    @Test(
        "takes steps whose input is the same from the cache, whatever the dates of the files",
        arguments: [BuildPolicy.isolated, .host])
    func cache(policy: BuildPolicy) async throws {
        try await EngineFixture.with(changing: .builds(policy)) { fixture in
            let context = try await Self.context(fixture, "COPY page /www/page\nCOPY other /www/other")
            try context.write("hello", to: "page")
            try context.write("other", to: "other")
            let heard = Heard()
            func build() async throws -> StoredImage {
                try await fixture.build(context.path, as: "localhost/\(fixture.sandbox.id):abc", heard: heard)
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

    @Test(
        "that fails tells the failing step and the last lines, and leaves nothing behind",
        arguments: [BuildPolicy.isolated, .host])
    func fails(policy: BuildPolicy) async throws {
        try await EngineFixture.with(changing: .builds(policy)) { fixture in
            let context = try await Self.context(fixture, "RUN echo compiling && echo missing header >&2 && exit 9")
            let error = await engineError { try await fixture.build(context.path) }
            #expect(error?.message.contains("missing header") == true, "\(error?.message ?? "")")
            #expect(error?.message.contains("exit status 9") == true, "\(error?.message ?? "")")
            #expect(error?.message.contains("\n") == false)
            #expect(error?.disposition == .permanent)
            #expect(try await fixture.sandbox.podman("ps", "--all", "--external", "--quiet").isEmpty)
            let empty = try Scratch()
            let bare = await engineError { try await fixture.build(empty.path) }
            #expect(bare?.message.contains("neither 'Containerfile' nor 'Dockerfile'") == true)
        }
    }

    @Test("gives the same files, owners and settings, isolated or not")
    func same() async throws {
        let steps = """
            ARG GREETING=hello
            RUN mkdir -p /made/deep && echo $GREETING >/made/deep/file && chown 999:33 /made/deep/file && chmod 4751 /made/deep
            FROM scratch
            COPY --from=0 /bin/busybox /bin/busybox
            COPY --from=0 --chown=7:8 /made /made
            ADD files.tar /unpacked
            COPY . /context/
            USER 999:33
            WORKDIR /made
            ENV KEY="a value"
            ENTRYPOINT ["/bin/busybox", "sleep"]
            CMD ["9"]
            EXPOSE 80
            """
        var found: [String] = []
        for policy in [BuildPolicy.isolated, .host] {
            try await EngineFixture.with(changing: .builds(policy)) { fixture in
                let context = try await Self.context(fixture, steps)
                try context.write("left out", to: "secret.txt")
                try context.write("kept", to: "sub/kept.txt")
                try context.write("secret.txt\n", to: ".containerignore")
                let archive = [
                    "-C", context.path, "--owner=999", "--group=33", "-cf", "\(context.path)/files.tar", "sub",
                ]
                try TestProgram("tar", archive).run()
                let id = try await fixture.build(context.path).id
                let settings =
                    "{{json .Config.User}} {{json .Config.Env}} {{json .Config.Entrypoint}} {{json .Config.Cmd}} "
                    + "{{json .Config.WorkingDir}} {{json .Config.ExposedPorts}} {{.Os}}/{{.Architecture}}"
                let text = try await fixture.sandbox.podman("image", "inspect", "--format", settings, id)
                let container = try await fixture.sandbox.podman("create", "--network", "none", id)
                let file = "\(fixture.sandbox.root)/export.tar"
                try await fixture.sandbox.podman("export", "--output", file, container)
                let listing = try TestProgram("tar", ["--numeric-owner", "-tvf", file]).run().split(separator: "\n")
                let files = listing.map {
                    $0.split(separator: " ").enumerated().filter { ![3, 4].contains($0.offset) }
                }
                .map { $0.map(\.element).joined(separator: " ") }
                .filter { $0.contains("made") || $0.contains("context") || $0.contains("unpacked") }
                found.append(([text] + files.sorted()).joined(separator: "\n"))
            }
        }
        #expect(found[0] == found[1])
        #expect(found[0].contains("999/33") && found[0].contains("drws"), "\(found[0])")
        #expect(!found[0].contains("secret.txt"))
    }

    @Test("where there are none is refused with the line that allows it")
    func off() async throws {
        try await EngineFixture.with(changing: .builds(.off)) { fixture in
            let context = try await Self.context(fixture, "RUN true")
            let error = await engineError { try await fixture.build(context.path) }
            #expect(error?.message == "cannot build 'localhost/a:1': this host builds no images")
            #expect(error?.hint.contains(#""policy": {"builds": "host"}"#) == true)
        }
    }
}
