import Logging
import Model
import TestSupport
import Testing

@testable import ContainerEngine

@Suite("Looking into images", .enabled(if: EngineFixture.canRun))
struct ImageInsightTests {
    @Test("tells platform, command, volumes and health check of an image, and nothing of one that is not there")
    func configuration() async throws {
        try await EngineFixture.with { fixture in
            var image = PodmanTestImage("1.0.0")
            image.architecture = "s390x"
            image.volumes = ["/data/", "/log", "/", "", "..", "/proc/x"]
            image.stopSignal = "SIGFOO"
            image.healthcheck = "test -e /x"
            image.labels = ["io.fairlead.health": #"{"tcp": 80}"#, "other": "x"]
            let id = try await fixture.sandbox.load(image, as: "localhost/\(fixture.sandbox.id):1")
            let found = try #require(try await fixture.engine.configuration(ofImage: id))
            #expect(found.platform == "linux/s390x")
            #expect(found.command == image.command && found.entrypoint == [])
            #expect(found.facts.volumes == ["/data", "/log"])
            #expect(found.strangeVolumes == ["", "..", "/", "/proc/x"] && found.stopSignal == "SIGFOO")
            #expect(found.environment == ["PATH=/bin"] && found.workingDirectory == "/")
            let files = try #require(ImageLayers(found.layers))
            #expect(files.entry(at: ["www"]) == .directory && files.entry(at: ["bin", "httpd"]) == .link("busybox"))
            #expect(files.entry(at: ["bin", "busybox"]) == .file(executable: true))
            #expect(files.entry(at: ["nowhere"]) == nil)
            #expect(found.facts.health?.check == .command(["/bin/sh", "-c", "test -e /x"]))
            #expect(found.labels == image.labels)
            #expect(found.facts.health?.interval == .seconds(1) && found.facts.health?.retries == 2)
            #expect(try await fixture.engine.configuration(ofImage: "localhost/nowhere:1") == nil)
        }
    }

    @Test("tells whom an image knows, by the newest of its layers, and leaves nothing behind")
    func accounts() async throws {
        try await EngineFixture.with { fixture in
            var image = PodmanTestImage("1.0.0")
            image.user = "ghost"
            let base = try await fixture.sandbox.load(image, as: "localhost/\(fixture.sandbox.id):1")
            image.files = [
                "/etc/passwd": "root:x:0:0::/:/bin/sh\napp:x:7:7::/:/bin/sh\n", "/etc/group": "staff:x:5:\n",
            ]
            let changed = try await fixture.sandbox.load(image, as: "localhost/\(fixture.sandbox.id):2")
            func accounts(_ image: String) async throws -> ImageAccounts? {
                var probe = ContainerSpec(name: "\(fixture.sandbox.id)_look", image: image, network: "none")
                probe.user = "0:0"
                probe.labels = ["of": fixture.sandbox.id]
                return try await fixture.engine.accounts(by: probe)
            }
            #expect(try await accounts(base) == ImageAccounts(users: ["root", "app"], groups: ["root", "app"]))
            #expect(try await accounts(changed) == ImageAccounts(users: ["root", "app"], groups: ["staff"]))
            #expect(try await fixture.engine.allContainers() == [])
        }
    }

    @Test(
        "annotations are seen, and no container has those that the policy does not name, also when the same image comes again"
    )
    func annotations() async throws {
        guard RegistryFixture.unavailable == nil else { return }
        try await RegistryFixture.with { registry in
            try await EngineFixture.with(insecureRegistries: [registry.address]) { fixture in
                func bring(_ tag: String, _ annotations: [String: String]) async throws -> String {
                    var image = PodmanTestImage("1.0.0")
                    image.annotations = annotations
                    try await registry.push(image, repository: "acme/web", tag: tag)
                    try await fixture.sandbox.podman("pull", "\(registry.address)/acme/web:\(tag)")
                    return try await fixture.sandbox.podman(
                        "image", "inspect", "--format", "{{.Id}}", "\(registry.address)/acme/web:\(tag)")
                }
                let title = "org.opencontainers.image.title"
                let id = try await bring("1", [title: "web"])
                var spec = ContainerSpec(name: "\(fixture.sandbox.id)-web", image: id, network: "none")
                #expect(try await fixture.engine.configuration(ofImage: id)?.annotations == [title])
                try await fixture.engine.removeContainer(try await fixture.engine.create(spec, joinsNetwork: false))

                #expect(try await bring("2", [title: "web", "run.oci.handler": "x"]) == id)
                #expect(
                    try await fixture.engine.configuration(ofImage: id)?.annotations == [title, "run.oci.handler"])
                let refused = await engineError { try await fixture.engine.create(spec, joinsNetwork: false) }
                #expect(refused?.message.contains("the annotation 'run.oci.handler'") == true, "\(refused as Any)")
                #expect(refused?.hint.contains("policy.images.annotations") == true)
                #expect(try await fixture.engine.allContainers() == [])

                var trusting = EngineFixture.configuration(fixture.sandbox)
                trusting.policy.images.annotations = ["run.oci.*"]
                spec.image = id
                let engine = PodmanEngine(configuration: trusting, logger: Logger(label: "test"))
                try await engine.removeContainer(try await engine.create(spec, joinsNetwork: false))
                await engine.shutDown()
            }
        }
    }

    @Test("finds what a container wrote below a path, and not what the engine made for its mounts")
    func written() async throws {
        try await EngineFixture.with { fixture in
            let host = try Scratch()
            var spec = try await fixture.spec()
            spec.mounts = [MountSpec(source: host.path, target: "/data/mounted/deep", readOnly: false)]
            let container = try await fixture.run(spec)
            func written() async throws -> [String] {
                try await fixture.engine.writtenPaths(
                    in: container.id, below: ["/data", "/www"], beside: ["/data/mounted/deep"])
            }
            #expect(try await written() == [])
            try await fixture.sandbox.podman("exec", container.id, "/bin/touch", "/data/mounted/deep/x", "/tmp/x")
            #expect(try await written() == [])
            try await fixture.sandbox.podman("exec", container.id, "/bin/sh", "-c", "echo new > /www/version")
            #expect(try await written() == ["/www"])
            try await fixture.sandbox.podman("exec", container.id, "/bin/mkdir", "/data/rows")
            #expect(try await written() == ["/data", "/www"])
            try await fixture.engine.removeContainer(container.id)
            #expect(try await written() == [])
        }
    }
}

@Suite("The first file of a tar archive")
struct TarEntryTests {
    private func block(_ type: Character, size: String) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        header.replaceSubrange(124..<(124 + size.utf8.count), with: Array(size.utf8))
        header[156] = type.asciiValue ?? 0
        return header
    }

    private func data(_ text: String) -> [UInt8] {
        Array(text.utf8) + [UInt8](repeating: 0, count: 512 - text.utf8.count)
    }

    @Test("is read behind what says more of it; another kind, a size that lies and no size are none")
    func entries() {
        let file = block("0", size: "00000000005") + data("hello")
        #expect(TarEntry.file(file) == "hello")
        #expect(TarEntry.file(block("x", size: "3") + data("abc") + file) == "hello")
        for archive in [
            [], block("2", size: "0"), block("0", size: "7777777"), block("0", size: "-5") + data("hello"),
            block("x", size: "77777777777") + data("abc"), Array(file.prefix(100)),
        ] {
            #expect(TarEntry.file(archive) == nil)
        }
    }
}
